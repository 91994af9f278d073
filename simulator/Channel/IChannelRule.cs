using LinkCodec.Core.Primitives;

namespace LinkCodec.Simulator.Channel;

/// <summary>A rule that a channel applies to datagrams: it loses, delays, limits or alters them.</summary>
internal interface IChannelRule
{
    /// <summary>Judges one datagram, once, in the order in which datagrams reach the rule.</summary>
    /// <param name="datagram">The datagram's bytes, the rule's to alter during the call.</param>
    /// <param name="at">The time at which the datagram reaches the rule.</param>
    /// <param name="draws">Random draws that belong to this rule and this datagram alone.</param>
    Verdict Judge(Span<byte> datagram, Timestamp at, ref Draws draws);
}
