using LinkCodec.Core.Framing;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Compression;

/// <summary>
/// The content of a data frame: whole messages, or one part of a message; or the reason why the frame is refused.
/// </summary>
/// <param name="Frame">The frame.</param>
/// <param name="Error"><see cref="LinkErrorCode.None"/>, <see cref="LinkErrorCode.ModelDivergence"/>,
/// <see cref="LinkErrorCode.Malformed"/>, or <see cref="LinkErrorCode.LimitExceeded"/> for more content than so short a
/// code may stand for.</param>
/// <param name="Messages">The messages, or the one part; empty when refused.</param>
internal readonly record struct DecodedFrame(
    DataFrame Frame, LinkErrorCode Error, IReadOnlyList<ReadOnlyMemory<byte>> Messages);
