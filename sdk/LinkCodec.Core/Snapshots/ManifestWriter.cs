using System.Buffers;
using LinkCodec.Core.Prediction;
using MessagePack;

namespace LinkCodec.Core.Snapshots;

/// <summary>Writes a manifest in its one spelling.</summary>
internal static class ManifestWriter
{
    // spec 6.1-1, 6.1-2
    public static byte[] Write(ManifestFields manifest)
    {
        ArrayBufferWriter<byte> output = new();
        MessagePackWriter writer = new(output);
        writer.WriteMapHeader(9);
        writer.Write(0);
        writer.Write(SnapshotManifest.FormatVersion);
        writer.Write(1);
        writer.Write(manifest.Label);
        writer.Write(2);
        writer.Write(SnapshotManifest.BytesFamily);
        writer.Write(3);
        writer.Write(manifest.AlphabetSize);
        writer.Write(4);
        writer.Write(manifest.FrequencyBits);
        writer.Write(5);
        writer.WriteArrayHeader(2);
        writer.Write(SnapshotManifest.QuantiserVersion);
        writer.Write(SnapshotManifest.CoderVersion);
        writer.Write(6);
        writer.WriteArrayHeader(manifest.Files.Count);
        foreach (SnapshotFile file in manifest.Files)
        {
            writer.WriteArrayHeader(3);
            writer.Write(file.Path);
            writer.Write(file.Size);
            writer.Write(file.Hash.Span);
        }

        writer.Write(7);
        writer.WriteArrayHeader(2);
        writer.Write(manifest.Probe.AsSpan());
        byte[] fingerprint = new byte[NumericFingerprint.Size];
        manifest.Fingerprint.CopyTo(fingerprint);
        writer.Write(fingerprint);
        writer.Write(8);
        writer.WriteMapHeader(5);
        ReadOnlySpan<int> parameters =
        [
            manifest.Network.StateTensors,
            manifest.Network.StateWidth,
            ByteNetworkShape.StartSymbol,
            Predictor.EndSymbol,
            manifest.Network.LargestBatch,
        ];
        for (int key = 0; key < parameters.Length; key++)
        {
            writer.Write(key);
            writer.Write(parameters[key]);
        }

        writer.Flush();
        return output.WrittenSpan.ToArray();
    }
}
