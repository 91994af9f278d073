using System.Numerics;
using System.Runtime.InteropServices;
using LinkCodec.Core.ContextMixing;
using LinkCodec.Core.Snapshots;
using LinkCodec.Models;
using LinkCodec.Models.Bytes;
using LinkCodec.Models.Language.Inference;
using LinkCodec.Tests.Bytes;
using LinkCodec.Tests.ContextMixing;
using LinkCodec.Tests.Language.Inference;
using LinkCodec.Tests.Media;
using LinkCodec.Tests.PrimedMixing;

// Prints one line: the hashes, who computed them, and which machine the runtime believes it is on.
// tests/emulation/run.sh and ExactnessTests compare the first part. Loading refuses the snapshot where this machine
// does not compute the manifest's fingerprint. With "language-store" it writes a small language network to a file, and
// with "language" hashes such a one's logits through ONNX Runtime: by steps, and of a text in all forms. With
// "messages" it hashes whole messages that such a network codes in 32 lanes, and what they are decoded to in one. With
// "context-mixing" it trains a small mixed model on the spot and hashes that one's decisions. With "media" it hashes
// coded images, sounds and video. With "primed" it hashes codes of primed mixing.
if (args is ["context-mixing"])
{
    using ContextMixingPredictor alone = ContextMixingRun.Load(ContextMixingRun.Train(withNetworks: false)),
        mixed = ContextMixingRun.Load(ContextMixingRun.Train(withNetworks: true));
    Console.WriteLine($"logits={ContextMixingRun.Hash(alone)} frequencies={ContextMixingRun.Hash(mixed)} by context "
        + $"mixing with vectors of {Vector<byte>.Count} bytes");
    return 0;
}

if (args is ["primed"])
{
    Console.WriteLine($"logits={PrimedRun.Hash()} by primed mixing with vectors of {Vector<byte>.Count} bytes");
    return 0;
}

if (args is ["media"])
{
    Console.WriteLine($"logits={MediaRun.ImageHash()} frequencies={MediaRun.AudioHash()}"
        + $"{MediaRun.VideoHash()}{MediaRun.SignalHash()}{MediaRun.FastHash()} by "
        + $"images, sounds and video with vectors of {Vector<byte>.Count} bytes");
    return 0;
}

if (args is ["language-store", string newStore])
{
    LanguageRun.Write(newStore);
    return 0;
}

if (args is ["language", string languageStore])
{
    Console.WriteLine($"logits={LanguageRun.Steps(languageStore)} frequencies={LanguageRun.Texts(languageStore)} by a "
        + $"language network on {RuntimeInformation.ProcessArchitecture}");
    return 0;
}

if (args is ["messages"])
{
    using LanguagePredictor predictor = LanguageMessageRun.Create();
    byte[][] messages = LanguageMessageRun.Messages();
    List<ReadOnlyMemory<byte>> units = LanguageMessageRun.Encode(predictor, messages, lanes: 32);
    List<byte[]> decoded = LanguageMessageRun.Decode(predictor, units, lanes: 1);
    Console.WriteLine(
        $"logits={LanguageMessageRun.Hash(units)} "
            + $"frequencies={LanguageMessageRun.Hash(decoded.Select(message => new ReadOnlyMemory<byte>(message)))} by "
            + $"messages on {RuntimeInformation.ProcessArchitecture}");
    return messages.Zip(decoded).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second))
        && messages.Length == decoded.Count ? 0 : 1;
}

if (args.Length != 4 || !int.TryParse(args[1], out int sequences) || !int.TryParse(args[2], out int steps)
    || !int.TryParse(args[3], out int batch))
{
    Console.Error.WriteLine("usage: LinkCodec.Exactness SNAPSHOT_FOLDER SEQUENCES STEPS BATCH | context-mixing | "
        + "media | primed | language-store FILE | language FILE | messages");
    return 2;
}

using Snapshot snapshot = new SnapshotStore().Load(args[0]);
ByteNetPredictor network = (ByteNetPredictor)snapshot.Predictor;
ExactnessRun.Hashes hashes = ExactnessRun.Of(network, sequences, steps, batch);
Console.WriteLine($"{hashes} by {network.Model.Executor.Name} on {RuntimeInformation.ProcessArchitecture} with vectors "
    + $"of {Vector<byte>.Count} bytes");
return 0;
