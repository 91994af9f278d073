namespace LinkCodec.Benchmarks.Dev;

/// <summary>The baselines over a file's drawn pieces, each alone.</summary>
/// <param name="Messages">How many pieces.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="Coded">Bytes that each baseline needs, by its name; a baseline that could not be run is
/// missing.</param>
internal sealed record BaselineFigures(int Messages, long Bytes, Dictionary<string, long> Coded);

/// <summary>
/// Baselines over the file from its start: those that take files whole, and zstd with its dictionary, piece by piece.
/// </summary>
/// <param name="Messages">Pieces in the stretch.</param>
/// <param name="Bytes">Bytes of the messages.</param>
/// <param name="FileBytes">Bytes of the stretch with what separates messages: what xz and zpaq are given.</param>
/// <param name="Coded">Bytes that each baseline needs, by its name.</param>
internal sealed record StretchFigures(int Messages, long Bytes, long FileBytes, Dictionary<string, long> Coded);

/// <summary>LinkCodec over the drawn pieces, each alone, decoded and compared.</summary>
/// <param name="Messages">How many pieces.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="Coded">Whole bytes of each piece's own range code; a stored piece counts one byte over raw, as with the
/// baselines.</param>
/// <param name="Stored">Pieces that travel as they are.</param>
/// <param name="Wire">Bytes of sealed datagrams of 1,200 bytes that hold all of them.</param>
/// <param name="Seconds">Coding and decoding, wall time.</param>
internal sealed record ColdFigures(int Messages, long Bytes, long Coded, int Stored, long Wire, double Seconds);

/// <summary>
/// LinkCodec over a stretch of the file in its order, each piece from the context of all before it, decoded and
/// compared.
/// </summary>
/// <param name="Messages">The number of pieces.</param>
/// <param name="Bytes">Bytes of the messages.</param>
/// <param name="Coded">Bytes counted as those of <see cref="ColdFigures"/>.</param>
/// <param name="Stored">Pieces that travel as they are.</param>
/// <param name="Seconds">Coding, absorbing and decoding, wall time.</param>
internal sealed record AckedFigures(int Messages, long Bytes, long Coded, int Stored, double Seconds);

/// <summary>
/// Short English messages with everything of the codec: frame header, check and code. Sums over all of them.
/// </summary>
/// <param name="Messages">The number of messages.</param>
/// <param name="Characters">Characters of the messages.</param>
/// <param name="Alone">Bytes of frames, each message in one of its own.</param>
/// <param name="BesideOthers">Bytes of frames of ten messages each.</param>
/// <param name="Coded">Bytes of range code alone.</param>
/// <param name="Baselines">Bytes that baselines need without any frame.</param>
internal sealed record ShortFigures(int Messages, long Characters, long Alone, long BesideOthers, long Coded,
    Dictionary<string, long> Baselines);

/// <summary>Input that no codec can make smaller.</summary>
/// <param name="Name">The kind of content.</param>
/// <param name="Messages">The number of messages.</param>
/// <param name="Bytes">Bytes of the messages.</param>
/// <param name="Growth">The most that a message's payload grew, in bytes.</param>
/// <param name="FrameGrowth">The most that a message and its frame exceed the message, in bytes.</param>
internal sealed record GrowthFigures(string Name, int Messages, long Bytes, long Growth, long FrameGrowth);

/// <summary>Everything about one file; parts that were not measured are null.</summary>
internal sealed record FileFigures(string Name, BaselineFigures? Baselines, ColdFigures? Cold, AckedFigures? Acked,
    StretchFigures? Stretch, StretchFigures? Whole)
{
    /// <summary>The file's group: text, weather or telemetry.</summary>
    public string Group => Name[..Name.IndexOf('/', StringComparison.Ordinal)];
}
