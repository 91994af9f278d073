using LinkCodec.Core.Framing;

namespace LinkCodec.Core.Compression;

/// <summary>A part of a message that holds samples, as one frame that is not cut to the size of units yet.</summary>
/// <param name="Frame">The frame.</param>
/// <param name="MessageBytes">Bytes of the message that it stands for.</param>
internal readonly record struct MediaFrame(DataFrame Frame, int MessageBytes);
