using LinkCodec.Core.Compression;
using LinkCodec.Core.Prediction;
using LinkCodec.Models.Language;
using LinkCodec.Models.Language.Batching;
using LinkCodec.Models.Language.Graphs;
using LinkCodec.Models.Language.Inference;
using LinkCodec.Models.Language.Store;
using LinkCodec.Tests.Language.Store;
using LinkCodec.Tests.Prediction;
using Xunit;

namespace LinkCodec.Tests.Language.Inference;

/// <summary>The contract of decisions with a network that ONNX Runtime runs, shared as in the product.</summary>
public sealed class OnnxTransformerContractTests : DecisionContractTests
{
    private static readonly TransformerShape Shape = TinyStore.Llama with
    {
        Vocabulary = new FakeTokenizer().Count,
        Window = 64,
    };
    private static readonly byte[] Store = new TinyStore(Shape).Exact();

    /// <inheritdoc/>
    private protected override Predictor CreatePredictor() => Create();

    [Theory]
    [InlineData(32, 1)]
    [InlineData(1, 32)]
    [InlineData(3, 5)]
    public void Messages_that_are_read_in_chunks_come_out_of_steps(int encoders, int decoders)
    {
        using LanguagePredictor predictor = Create();
        OutgoingMessage[] messages = Compression.Messages.Number(
        [
            .. TestMessages.All().Where(m => m.Length < 400),
            .. Enumerable.Range(0, 12).Select(i => System.Text.Encoding.ASCII.GetBytes(
                string.Concat(Enumerable.Repeat("The quick brown fox jumps over the lazy dog.\n", i)))),
        ]);
        List<PackedUnit> units = Compression.Messages.Pack(messages, predictor, 400, encoders);
        List<ReceivedMessage> received = Compression.Messages.Assemble(
            Compression.Messages.Decode(units.Select(Compression.Messages.Bytes), predictor, decoders));
        Assert.Equal(messages.Select(m => m.Content.ToArray()), received.Select(m => m.Content.ToArray()));
    }

    private static LanguagePredictor Create() => TestLanguage.Create(
        network: new BatchedTransformer(OnnxTransformer.Load(TensorStoreReader.Read(Store, "tiny"), GraphForm.UInt8,
            OnnxTransformer.DefaultOptions), runs: 2));
}
