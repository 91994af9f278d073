using LinkCodec.Core.Prediction;

namespace LinkCodec.Simulator.Runs;

/// <summary>
/// Predicts nothing: every byte costs 8 bits and the end of a message 7. With it, what another compressor has made of messages travels in
/// the same frames as LinkCodec's own code, many messages in one, so that a comparison measures the coders and not their framing.
/// </summary>
internal sealed class FlatPredictor : Predictor
{
    public override int AlphabetSize => ByteAlphabet;

    public override int FrequencyBits => 24;

    public override PredictorLanes CreateLanes(int capacity) => new Lanes(capacity, FrequencyBits);

    private sealed class Lanes(int capacity, int frequencyBits) : DistributionLanes(capacity, ByteAlphabet, frequencyBits)
    {
        public override void Start(int lane, Span<uint> weights)
        {
            weights.Fill(127);
            weights[EndSymbol] = 256; // One symbol in 128 is an end.
        }

        public override void Step(ReadOnlySpan<int> symbols, Span<uint> weights)
        {
            for (int lane = 0; lane < symbols.Length; lane++)
            {
                Start(lane, weights.Slice(lane * ByteAlphabet, ByteAlphabet));
            }
        }

        public override void Copy(int from, int to)
        {
        }
    }
}
