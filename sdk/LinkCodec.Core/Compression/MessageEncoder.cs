using LinkCodec.Core.Prediction;

namespace LinkCodec.Core.Compression;

/// <summary>Predicts and codes many messages side by side; the result does not depend on which messages were beside
/// which.</summary>
/// <param name="predictor">A model over <see cref="Predictor.ByteAlphabet"/>.</param>
/// <param name="lanes">Stretches of messages coded side by side, 1 to 256.</param>
internal sealed class MessageEncoder(Predictor predictor, int lanes) : LaneLoop<EncoderLane>(
    predictor, lanes, predictor.CreateEncodingLanes, () => new EncoderLane());
