namespace LinkCodec;

/// <summary>The published key pairs that stand in where no keys are given, as for a packed file: sealed against damage, not against readers.</summary>
internal static class OpenKeys
{
    // Anyone may know these: the bytes of two ASCII sentences.
    private static ReadOnlySpan<byte> SenderSeed => "linkcodec open sender key, v1: ."u8;

    private static ReadOnlySpan<byte> ReceiverSeed => "linkcodec open receiver key, v1."u8;

    public static LinkIdentity Sender() => From(SenderSeed);

    public static LinkIdentity Receiver() => From(ReceiverSeed);

    /// <summary>Fills in what a link without a return path lacks.</summary>
    public static LinkOptions Complete(LinkOptions options, bool sender)
    {
        if (options.Identity is not null || options.PeerPublicKey is not null)
        {
            return options;
        }

        using LinkIdentity peer = sender ? Receiver() : Sender();
        return options with { Identity = sender ? Sender() : Receiver(), PeerPublicKey = peer.PublicKey };
    }

    private static LinkIdentity From(ReadOnlySpan<byte> seed) => LinkIdentity.Parse(System.Buffers.Text.Base64Url.EncodeToString(seed));
}
