using LinkCodec.Core.Framing;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Compression;

/// <summary>
/// The content of a data frame: messages, of which the first may lack its beginning and the last its end; or the reason
/// why the frame is refused.
/// </summary>
/// <param name="Frame">The frame.</param>
/// <param name="Error"><see cref="LinkErrorCode.None"/>, <see cref="LinkErrorCode.ModelDivergence"/>,
/// <see cref="LinkErrorCode.Malformed"/>, or <see cref="LinkErrorCode.LimitExceeded"/> for more content than so short a
/// code may stand for.</param>
/// <param name="Messages">The messages, or what the frame holds of them; empty when refused.</param>
/// <param name="State">The context behind the frame, where it keeps that; owned by whoever has the frame.</param>
internal readonly record struct DecodedFrame(
    DataFrame Frame, LinkErrorCode Error, IReadOnlyList<ReadOnlyMemory<byte>> Messages, StreamContext? State = null);
