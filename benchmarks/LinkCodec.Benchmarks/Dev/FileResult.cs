namespace LinkCodec.Benchmarks.Dev;

/// <summary>What came of some messages: sums, so that files can be pooled.</summary>
internal sealed record FileResult
{
    /// <summary>Group and name, as in <c>text/prose-books.txt</c>; or what was pooled.</summary>
    public required string Name { get; init; }

    /// <summary>Messages, or pieces of messages.</summary>
    public int Messages { get; init; }

    /// <summary>Their bytes.</summary>
    public long Bytes { get; init; }

    /// <summary>LinkCodec's payload: range codes with every END, and stored bytes.</summary>
    public long Coded { get; init; }

    /// <summary>Bytes of sealed datagrams.</summary>
    public long Wire { get; init; }

    /// <summary>Messages that travel as they are.</summary>
    public int Stored { get; init; }

    /// <summary>Bytes that each peer needs, by its name; a peer that could not be run is missing.</summary>
    public IReadOnlyDictionary<string, long> Peers { get; init; } = new Dictionary<string, long>();

    /// <summary>What the model says the messages are worth.</summary>
    public Information Information { get; init; } = new();

    /// <summary>Bytes of range code of the messages that were coded, to be held against <see cref="Information"/>.</summary>
    public long RangeCode { get; init; }

    public double EncodeSeconds { get; init; }

    public double DecodeSeconds { get; init; }

    /// <summary>Sums; only peers that every part has.</summary>
    public static FileResult Pool(string name, IReadOnlyCollection<FileResult> parts) => new()
    {
        Name = name,
        Messages = parts.Sum(part => part.Messages),
        Bytes = parts.Sum(part => part.Bytes),
        Coded = parts.Sum(part => part.Coded),
        Wire = parts.Sum(part => part.Wire),
        Stored = parts.Sum(part => part.Stored),
        RangeCode = parts.Sum(part => part.RangeCode),
        EncodeSeconds = parts.Sum(part => part.EncodeSeconds),
        DecodeSeconds = parts.Sum(part => part.DecodeSeconds),
        Information = parts.Aggregate(new Information(), (sum, part) => sum + part.Information),
        Peers = parts.SelectMany(part => part.Peers).GroupBy(peer => peer.Key).Where(peer => peer.Count() == parts.Count)
            .ToDictionary(peer => peer.Key, peer => peer.Sum(bytes => bytes.Value)),
    };
}
