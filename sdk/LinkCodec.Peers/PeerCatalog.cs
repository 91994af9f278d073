namespace LinkCodec.Peers;

/// <summary>A peer of the comparison: usable, or with the reason why it is not.</summary>
internal sealed record PeerEntry(string Name, IPeerCodec? Codec, string? Unavailable);

/// <summary>The peers that a comparison has, in the order of its table.</summary>
internal static class PeerCatalog
{
    /// <param name="examples">Messages to train the zstd dictionary with; null leaves that peer out with a reason.</param>
    /// <returns>Every peer; the caller disposes of the codecs.</returns>
    public static IReadOnlyList<PeerEntry> Create(IReadOnlyCollection<byte[]>? examples)
    {
        string? noDictionary = examples is null ? "no file to train a dictionary with: --train FILE" : null;
        return
        [
            Entry("raw", null, () => new RawPeer()),
            Entry("deflate 9", null, () => new DeflatePeer()),
            Entry("brotli 11", null, () => new BrotliPeer()),
            Entry("zstd 19", null, () => new ZstdPeer()),
            Entry("zstd 19 with dictionary", noDictionary, () => new ZstdPeer(ZstdDictionary.Train(examples!))),
            Entry("xz 9e", XzPeer.FindReason(), () => new XzPeer()),
            Entry("zpaq m5", ZpaqPeer.FindReason(), () => new ZpaqPeer()),
        ];
    }

    private static PeerEntry Entry(string name, string? unavailable, Func<IPeerCodec> create)
    {
        try
        {
            return new PeerEntry(name, unavailable is null ? create() : null, unavailable);
        }
        catch (PeerException e)
        {
            return new PeerEntry(name, null, e.Message);
        }
    }
}
