using System.Text;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Framing;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Snapshots;
using LinkCodec.Models;

namespace LinkCodec.Tests.Mixed;

/// <summary>
/// What <see cref="FlightTests"/> runs in assemblies of its own: loads a snapshot, codes a message and decodes it.
/// </summary>
public static class FlightRun
{
    /// <summary>Loads and codes with LinkCodec.Models.</summary>
    public static string WithModels(string folder)
    {
        using Snapshot snapshot = new SnapshotStore().Load(folder);
        return RoundTrip(snapshot.Predictor, "A message.");
    }

    /// <summary>Loads and codes with the core alone, as its README shows.</summary>
    public static string WithCore(string folder)
    {
        byte[] manifest = File.ReadAllBytes(Path.Combine(folder, SnapshotFiles.ManifestPath));
        byte[] contextMixing = File.ReadAllBytes(Path.Combine(folder, MixedSnapshot.ContextMixingPath));
        byte[] dictionary = File.ReadAllBytes(Path.Combine(folder, MixedSnapshot.DictionaryPath));
        MemorySnapshotSource source = new("flash", new Dictionary<string, ReadOnlyMemory<byte>>
        {
            [SnapshotFiles.ManifestPath] = manifest,
            [MixedSnapshot.ContextMixingPath] = contextMixing,
            [MixedSnapshot.DictionaryPath] = dictionary, // where the manifest names one
        });
        // checks hashes, and that this machine computes what the manifest says
        using Snapshot snapshot = MixedSnapshot.Load(source);
        return RoundTrip(snapshot.Predictor, "A message.");
    }

    private static string RoundTrip(Predictor predictor, string text)
    {
        const int UnitSize = 1_180;
        using ContextPool contexts = new(predictor);
        using UnitStream stream = new(predictor, contexts, UnitSize, isChained: false);
        using MessageEncoder encoder = new(predictor, lanes: 1);
        EncodingBatch batch =
            stream.Begin([new OutgoingMessage(0, Encoding.UTF8.GetBytes(text))], shares: 1, ContentHint.Auto);
        encoder.Run(batch);
        stream.End(batch);
        List<DataFrame> frames = [];
        if (stream.TryTake(mayClose: true, out PackedUnit? unit))
        {
            DataFrame.TryParse(unit.ToBytes(isShort: false, UnitSize), frames);
        }

        using FrameDecoder decoder = new(predictor, lanes: 1);
        DecodingBatch received = new([frames]);
        decoder.Run(received);
        MessageAssembler assembler = new(ordered: true);
        assembler.Add(received.Results[0]);
        return assembler.TryTake(out ReceivedMessage message) ? Encoding.UTF8.GetString(message.Content.Span) : "";
    }
}
