using System.Buffers.Binary;
using System.Text;
using LinkCodec.Core.Compression;
using LinkCodec.Core.ContextMixing;
using LinkCodec.Core.Framing;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Snapshots;
using LinkCodec.Models.Bytes;
using LinkCodec.Models.Language;
using LinkCodec.Models.Language.Graphs;
using LinkCodec.Models.Language.Inference;
using LinkCodec.Models.Language.Store;
using LinkCodec.Models.Language.Tokenization;
using LinkCodec.Tests.Bytes;
using LinkCodec.Tests.ContextMixing;
using LinkCodec.Tests.Language.Store;
using LinkCodec.Tests.Language.Tokenization;

namespace LinkCodec.Tests.Language.Inference;

/// <summary>
/// Whole messages through the network of <see cref="IntegerStore"/>: coded bytes that have to be the same in every
/// process on every machine.
/// </summary>
internal static class LanguageMessageRun
{
    private const int UnitSize = 300;

    /// <summary>A predictor with preambles for two profiles.</summary>
    internal static LanguagePredictor Create(uint seed = 1)
    {
        BytePairTokenizer tokens = new(TinyVocabulary.ByteLevel().ToTable());
        TransformerShape shape = IntegerStore.Shape(tokens.Count);
        TokenNetworkShape network = new(shape.Vocabulary, shape.Window, shape.Window / 4, shape.Window / 2);
        (byte[] file, byte[] dictionary) = ContextMixingRun.Train(withNetworks: false);
        if (!MixingModel.TryRead(file, dictionary, out MixingModel? model, out string fault))
        {
            throw new InvalidOperationException($"the context mixing's file {fault}");
        }

        byte[] preambles = PreambleSet.Write((0, [270, 271, 272, 10]), (2, [265, 280]));
        return new LanguagePredictor(new LanguageModel(
            OnnxTransformer.Load(TensorStoreReader.Read(IntegerStore.Write(shape, seed), "integers"), GraphForm.UInt8,
                OnnxTransformer.DefaultOptions),
            tokens,
            new ContextMixingPredictor(model, [], SnapshotManifest.LanguageFrequencyBits),
            Table(),
            network,
            PreambleSet.Parse(preambles, model.ProfileHints.Count, tokens.Count, network.ContextTokens / 2,
                "preambles")));
    }

    /// <summary>The units of numbered messages, coded in so many lanes.</summary>
    internal static List<ReadOnlyMemory<byte>> Encode(Predictor predictor, IEnumerable<byte[]> messages, int lanes)
    {
        const int Shares = 3;
        using ContextPool contexts = new(predictor);
        using UnitStream stream = new(predictor, contexts, UnitSize, isChained: false);
        EncodingBatch batch = stream.Begin(
            [.. messages.Select((message, number) => new OutgoingMessage((ulong)number, message))], Shares,
            ContentHint.Auto);
        using MessageEncoder encoder = new(predictor, lanes);
        encoder.Run(batch);
        stream.End(batch);
        List<ReadOnlyMemory<byte>> units = [];
        while (stream.TryTake(mayClose: true, out PackedUnit? unit))
        {
            units.Add(unit.ToBytes(isShort: false, UnitSize));
        }

        return units;
    }

    /// <summary>The messages of units, decoded in so many lanes.</summary>
    internal static List<byte[]> Decode(Predictor predictor, IEnumerable<ReadOnlyMemory<byte>> units, int lanes)
    {
        List<IReadOnlyList<DataFrame>> all = [];
        bool isParsed = true;
        foreach (ReadOnlyMemory<byte> unit in units)
        {
            List<DataFrame> frames = [];
            isParsed &= DataFrame.TryParse(unit, frames);
            all.Add(frames);
        }

        DecodingBatch batch = new(all);
        using FrameDecoder decoder = new(predictor, lanes);
        decoder.Run(batch);
        MessageAssembler assembler = new(ordered: true);
        if (!isParsed || batch.Results
            .Any(frame => frame.Error != LinkErrorCode.None || assembler.Add(frame) != LinkErrorCode.None))
        {
            throw new InvalidOperationException("what was coded here is not decoded here");
        }

        List<byte[]> messages = [];
        while (assembler.TryTake(out ReceivedMessage message))
        {
            messages.Add(message.Content.ToArray());
        }

        return messages;
    }

    /// <summary>The SHA-256 of pieces, each after its length.</summary>
    internal static string Hash(IEnumerable<ReadOnlyMemory<byte>> pieces)
    {
        using MemoryStream all = new();
        byte[] length = new byte[4];
        foreach (ReadOnlyMemory<byte> piece in pieces)
        {
            BinaryPrimitives.WriteInt32LittleEndian(length, piece.Length);
            all.Write(length);
            all.Write(piece.Span);
        }

        return PortableSha256.Hash(all.ToArray());
    }

    /// <summary>
    /// Messages of text from a word to far beyond the window, some with bytes that are no text, and messages of context
    /// mixing's kinds.
    /// </summary>
    internal static byte[][] Messages()
    {
        string[] words = [" the", " a", "hello", " world", "日本", "éé", "🚀", "aaaa", "    ", "\n\n"];
        List<byte[]> messages = [[]];
        uint state = 1;
        foreach (int length in (int[])[1, 2, 5, 9, 14, 20, 30, 45, 64, 90, 150, 400])
        {
            StringBuilder text = new();
            for (int i = 0; i < length; i++)
            {
                state = (state * 1_664_525) + 1_013_904_223;
                text.Append(words[(state >> 8) % (uint)words.Length]);
            }

            byte[] message = Encoding.UTF8.GetBytes(text.ToString());
            messages.Add(message);
            messages.Add([.. message.AsSpan(0, message.Length / 2), 0xFF, .. message.AsSpan(message.Length / 2), 0xC3]);
        }

        messages.AddRange(Enumerable.Range(0, 10).Select(i => ContextMixingRun.Message(i % ContextMixingRun.Kinds, i)));
        return [.. messages];
    }

    private static WeightsTable Table()
    {
        byte[] file = new byte[WeightsTable.FileBytes];
        uint weight = Predictor.MaxWeight;
        for (int i = 0; i < WeightsTable.Entries; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(i * sizeof(uint)), weight);
            weight -= weight / 64;
        }

        return WeightsTable.Parse(file);
    }
}
