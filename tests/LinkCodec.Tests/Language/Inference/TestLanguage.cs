using LinkCodec.Core.ContextMixing;
using LinkCodec.Core.Snapshots;
using LinkCodec.Models.Bytes;
using LinkCodec.Models.Language.Inference;
using LinkCodec.Tests.Bytes;
using LinkCodec.Tests.Mixed;

namespace LinkCodec.Tests.Language.Inference;

/// <summary>Predictors of the family "language" around a network that is none.</summary>
internal static class TestLanguage
{
    internal const int Window = 64;

    /// <summary>Profile 0 is prose, 1 is JSON, 2 is records of bytes.</summary>
    internal static LanguagePredictor Create(int window = Window, PreambleSet? preambles = null,
        Transformer? network = null, params ReadOnlySpan<ByteModel> byteNetworks)
    {
        FakeTokenizer tokens = new();
        network ??= new FakeTransformer(tokens, window);
        return new LanguagePredictor(new LanguageModel(network, tokens, ContextMixing(byteNetworks), Table,
            Shape(window), preambles ?? PreambleSet.None));
    }

    internal static WeightsTable Table => WeightsTable.Parse(TestSnapshots.Table(TestSnapshots.Tiny));

    internal static TokenNetworkShape Shape(int window = Window) =>
        new(new FakeTokenizer().Count, window, window / 4, window / 2);

    internal static FakeTransformer NetworkOf(LanguagePredictor predictor) => (FakeTransformer)predictor.Model.Network;

    private static ContextMixingPredictor ContextMixing(ReadOnlySpan<ByteModel> networks)
    {
        (byte[] file, byte[] dictionary) = TestMixing.Files(networks.Length);
        return MixingModel.TryRead(file, dictionary, out MixingModel? model, out string fault)
            ? new ContextMixingPredictor(model, networks.ToArray(), SnapshotManifest.LanguageFrequencyBits)
            : throw new InvalidOperationException(fault);
    }
}
