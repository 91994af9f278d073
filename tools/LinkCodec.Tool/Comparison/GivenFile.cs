using LinkCodec.Baselines;

namespace LinkCodec.Tool.Comparison;

/// <summary>A file of an image or a sound as it was given: what crosses where nothing is done about it.</summary>
internal sealed class GivenFile(MediaInput input) : IBaselineCodec
{
    /// <summary>The name of the row.</summary>
    public const string RowName = "the file as given";

    public string Name => RowName;

    public bool WholeFilesOnly => true;

    public byte[] Compress(ReadOnlySpan<byte> message) => input.File;

    public byte[] DecompressUpTo(ReadOnlySpan<byte> coded, int maxLength) =>
        input.Format is not null ? coded.ToArray()
            : MediaInput.TryRead(input.Name, coded.ToArray(), out MediaInput? same, out string? problem)
            ? same.Plain
            : throw new BaselineException(problem);

    public void Dispose()
    {
    }
}
