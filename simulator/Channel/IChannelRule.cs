using LinkCodec.Core.Primitives;

namespace LinkCodec.Simulator.Channel;

/// <summary>One thing that a channel does to datagrams: loses, delays, limits or alters them.</summary>
internal interface IChannelRule
{
    /// <summary>Judges one datagram, once, in the order in which datagrams reach the rule.</summary>
    /// <param name="datagram">Its bytes, the rule's to alter during the call.</param>
    /// <param name="at">When it reaches the rule.</param>
    /// <param name="draws">Random draws that belong to this rule and this datagram alone.</param>
    Verdict Judge(Span<byte> datagram, Timestamp at, ref Draws draws);
}
