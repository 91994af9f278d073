using LinkCodec.Benchmarks.Dev;
using LinkCodec.Core.Prediction;
using LinkCodec.ModelBuilder.Import;
using LinkCodec.Models.Language.Inference;

namespace LinkCodec.Benchmarks.Language;

/// <summary>English messages of 500 bytes, cold and behind 512 tokens.</summary>
internal static class EnglishMeasurement
{
    /// <summary>By a network alone.</summary>
    public static NetworkFigures OfNetwork(LanguageSubject subject, Transformer network, List<byte[]> messages,
        List<byte[]> stretches)
    {
        CrossEntropy cold = subject.Cost(network, messages);
        List<byte[]> beginnings = Beginnings(subject, stretches);
        CrossEntropy whole = subject.Cost(network, stretches);
        CrossEntropy before = subject.Cost(network, beginnings);
        return new NetworkFigures(cold.Bytes, cold.ModelBits, cold.CodedBits, whole.Bytes - before.Bytes,
            whole.ModelBits - before.ModelBits);
    }

    /// <summary>As coded messages.</summary>
    public static EnglishFigures Coded(LanguageSubject subject, List<byte[]> messages, List<byte[]> stretches)
    {
        Predictor model = subject.Predictor;
        List<byte[]> beginnings = Beginnings(subject, stretches);
        ColdFigures cold = ColdMeasurement.Measure(model, messages);
        ColdFigures whole = ColdMeasurement.Measure(model, stretches);
        ColdFigures before = ColdMeasurement.Measure(model, beginnings);
        (long ackedBytes, long acked) = (0, 0);
        foreach (byte[] stretch in stretches)
        {
            byte[][] pieces = [.. stretch.Chunk(StudyText.MessageBytes)];
            int uncounted = 0;
            for (int tokens = 0; tokens < StudyText.ContextTokens && uncounted < pieces.Length; uncounted++)
            {
                tokens += StudyText.Count(subject.Model.Tokens, pieces[uncounted]);
            }

            AckedFigures behind = AckedMeasurement.Measure(model, pieces, uncounted)!;
            (ackedBytes, acked) = (ackedBytes + behind.Bytes, acked + behind.Coded);
        }

        return new EnglishFigures(
            cold.Messages, cold.Bytes, cold.Coded, InformationMeter.Of(model, messages, 1).OfFrequencies,
            whole.Bytes - before.Bytes, whole.Coded - before.Coded, ackedBytes, acked);
    }

    private static List<byte[]> Beginnings(LanguageSubject subject, List<byte[]> stretches) =>
        [.. stretches.Select(stretch => StudyText.Beginning(subject.Model.Tokens, stretch))];
}
