using LinkCodec.Core.ContextMixing;
using LinkCodec.Core.Snapshots;
using LinkCodec.Models.Bytes;
using LinkCodec.Models.Language.Running;
using LinkCodec.Tests.Mixed;
using LinkCodec.Tests.Models;

namespace LinkCodec.Tests.Language;

/// <summary>Predictors of the family "language" around a network that is none.</summary>
internal static class TestLanguage
{
    internal const int Window = 64;

    /// <summary>Profile 0 is prose, 1 is JSON, 2 is records of bytes.</summary>
    internal static LanguagePredictor Create(int window = Window, Preambles? preambles = null, LanguageNetwork? network = null, params ReadOnlySpan<ByteModel> byteNetworks)
    {
        FakeTokenCodec tokens = new();
        network ??= new FakeLanguageNetwork(tokens, window);
        return new LanguagePredictor(new LanguageModel(network, tokens, ContextMixing(byteNetworks), Table, Shape(window), preambles ?? Preambles.None));
    }

    internal static WeightsTable Table => WeightsTable.Parse(TestSnapshots.Table(TestSnapshots.Tiny));

    internal static TokenNetworkShape Shape(int window = Window) => new(new FakeTokenCodec().Count, window, window / 4, window / 2);

    internal static FakeLanguageNetwork NetworkOf(LanguagePredictor predictor) => (FakeLanguageNetwork)predictor.Model.Network;

    private static ContextMixingPredictor ContextMixing(ReadOnlySpan<ByteModel> networks)
    {
        (byte[] file, byte[] dictionary) = TestMixing.Files(networks.Length);
        return MixingModel.TryRead(file, dictionary, out MixingModel? model, out string fault)
            ? new ContextMixingPredictor(model, networks.ToArray(), SnapshotManifest.LanguageFrequencyBits)
            : throw new InvalidOperationException(fault);
    }
}
