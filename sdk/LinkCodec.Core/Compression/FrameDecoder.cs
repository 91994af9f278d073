using LinkCodec.Core.Prediction;

namespace LinkCodec.Core.Compression;

/// <summary>Decodes many units side by side; the result does not depend on which units were beside
/// which.</summary>
/// <remarks>
/// Peer bytes never throw: a frame that does not decode to what its check says comes back as an error. Work is bounded
/// for each frame by its own bytes and the batch's limit, and by <see cref="CompressionLimits.FrameContent"/>.
/// </remarks>
/// <param name="predictor">The predictor, of the same model as the encoder's.</param>
/// <param name="lanes">Units decoded side by side, 1 to 256; 64 KiB each beside the model's state.</param>
internal sealed class FrameDecoder(Predictor predictor, int lanes) : LaneLoop<DecoderLane>(
    predictor, lanes, predictor.CreateLanes, () => new DecoderLane(predictor.FrequencyBits));
