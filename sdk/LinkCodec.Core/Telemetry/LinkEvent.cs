using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Telemetry;

/// <summary>Something that happened on a link, in 24 bytes and without allocation.</summary>
/// <param name="Kind">The kind of event.</param>
/// <param name="At">The event's instant, on the clock of whoever drives the session.</param>
/// <param name="Value">A number whose meaning <see cref="LinkEventKind"/> states.</param>
public readonly record struct LinkEvent(LinkEventKind Kind, Timestamp At, ulong Value);
