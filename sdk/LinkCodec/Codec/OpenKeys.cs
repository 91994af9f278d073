namespace LinkCodec.Codec;

/// <summary>
/// The published key pairs that stand in where none are given and the options say so, as for a packed file: sealed
/// against damage, not against readers.
/// </summary>
internal static class OpenKeys
{
    // Anyone may know these: the bytes of two ASCII sentences.
    private static ReadOnlySpan<byte> SenderSeed => "linkcodec open sender key, v1: ."u8;

    private static ReadOnlySpan<byte> ReceiverSeed => "linkcodec open receiver key, v1."u8;

    public static LinkIdentity Sender() => From(SenderSeed);

    public static LinkIdentity Receiver() => From(ReceiverSeed);

    /// <summary>Fills in what a link without a return path lacks, where the options ask for it.</summary>
    /// <exception cref="ArgumentException">The options do not ask for it, and there are no keys.</exception>
    public static LinkOptions Complete(LinkOptions options, bool sender)
    {
        if (options.Identity is not null || options.PeerPublicKey is not null)
        {
            return options;
        }

        if (!options.UsePublishedKeys)
        {
            throw new ArgumentException(
                $"A link without a return path needs keys: set {nameof(LinkOptions.Identity)} "
                    + $"and {nameof(LinkOptions.PeerPublicKey)} ('linkcodec keygen -o DIR' makes them), "
                    + $"or {nameof(LinkOptions.UsePublishedKeys)}, which seals against damage alone.",
                nameof(options));
        }

        using LinkIdentity peer = sender ? Receiver() : Sender();
        return options with { Identity = sender ? Sender() : Receiver(), PeerPublicKey = peer.PublicKey };
    }

    private static LinkIdentity From(ReadOnlySpan<byte> seed) =>
        LinkIdentity.Parse(System.Buffers.Text.Base64Url.EncodeToString(seed));
}
