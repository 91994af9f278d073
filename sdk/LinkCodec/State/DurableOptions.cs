using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;

namespace LinkCodec.State;

/// <summary>Opens the state folder that options name, where the link can hold what it promises.</summary>
internal static class DurableOptions
{
    /// <summary>Opens a sender's queue.</summary>
    /// <exception cref="ArgumentException">The link has no way back, or delivers once.</exception>
    /// <exception cref="LinkStateException">The folder cannot be used, or its queue was refused.</exception>
    public static SenderState OpenSender(LinkOptions options, LinkEndpoint to)
    {
        Require(options, to);
        SenderState state = SenderState.Open(
            StateFolder.Take(options.State!), options.RandomSource.NextUInt64() & VarInt.Max,
            options.MaxQueueBytes);
        if (state.IsRefused)
        {
            state.Dispose();
            throw new LinkStateException($"The state '{options.State}' is a copy, or was set back: the receiver has "
                + "seen a newer one. Use that, or another folder; what is in this one is not sent.");
        }

        return state;
    }

    /// <summary>Opens a receiver's marks; null where no folder is named.</summary>
    /// <exception cref="ArgumentException">The link has no way back, or gives messages out unordered.</exception>
    /// <exception cref="LinkStateException">The folder cannot be used.</exception>
    public static ReceiverState? OpenReceiver(LinkOptions options, LinkEndpoint at)
    {
        if (options.State is null)
        {
            return null;
        }

        Require(options, at);
        if (!options.Ordered)
        {
            throw new ArgumentException("A state folder keeps messages in order: Ordered has to be true.",
                nameof(options));
        }

        return ReceiverState.Open(StateFolder.Take(options.State));
    }

    private static void Require(LinkOptions options, LinkEndpoint endpoint)
    {
        if (endpoint.Scheme == LinkScheme.File || !options.HasReturnPath || options.Delivery != UnitDelivery.Reliable)
        {
            throw new ArgumentException("A state folder needs a way back and reliable delivery: without them nobody "
                + "knows what was delivered.", nameof(options));
        }
    }
}
