using LinkCodec.Core.Framing;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Compression;

/// <summary>What a data frame held: whole messages, or one part of a message; or why it is refused.</summary>
/// <param name="Frame">The frame.</param>
/// <param name="Error"><see cref="LinkErrorCode.None"/>, <see cref="LinkErrorCode.ModelDivergence"/>,
/// <see cref="LinkErrorCode.Malformed"/>, or <see cref="LinkErrorCode.LimitExceeded"/> for more content than so short a
/// code may stand for.</param>
/// <param name="Messages">The messages, or the one part; empty when refused.</param>
internal readonly record struct DecodedFrame(
    DataFrame Frame, LinkErrorCode Error, IReadOnlyList<ReadOnlyMemory<byte>> Messages);
