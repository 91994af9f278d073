using LinkCodec.Core.Framing;
using LinkCodec.Core.Prediction;

namespace LinkCodec.Core.Compression;

/// <summary>Range codes of one unit, each of which goes on where the one before it has ended.</summary>
/// <param name="Frames">The frames, with the place of each among all.</param>
/// <param name="Start">The context that the first one starts from; null for the start state.</param>
internal sealed record DecoderJob(IReadOnlyList<(int Place, DataFrame Frame)> Frames, StreamContext? Start);
