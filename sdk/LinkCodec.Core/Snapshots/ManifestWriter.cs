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
        writer.Write(manifest.Family);
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
        if (manifest.Family == SnapshotManifest.BytesFamily)
        {
            WriteNetwork(ref writer, manifest.Networks[0]);
        }
        else if (manifest.Family == SnapshotManifest.LanguageFamily)
        {
            WriteTokenNetwork(ref writer, manifest.TokenNetwork, manifest.Networks);
        }
        else
        {
            WriteNetworks(ref writer, manifest.Networks);
        }

        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    private static void WriteNetwork(ref MessagePackWriter writer, ByteNetworkShape network)
    {
        ReadOnlySpan<int> parameters = [network.StateTensors, network.StateWidth, ByteNetworkShape.StartSymbol,
            Predictor.EndSymbol, network.LargestBatch];
        writer.WriteMapHeader(parameters.Length);
        for (int key = 0; key < parameters.Length; key++)
        {
            writer.Write(key);
            writer.Write(parameters[key]);
        }
    }

    // spec 6.1-8
    private static void WriteTokenNetwork(ref MessagePackWriter writer, TokenNetworkShape network,
        IReadOnlyList<ByteNetworkShape> networks)
    {
        writer.WriteArrayHeader(networks.Count == 0 ? 4 : 5);
        writer.Write(network.Vocabulary);
        writer.Write(network.Window);
        writer.Write(network.Overlap);
        writer.Write(network.ContextTokens);
        if (networks.Count > 0)
        {
            WriteNetworks(ref writer, networks);
        }
    }

    // spec 6.1-7
    private static void WriteNetworks(ref MessagePackWriter writer, IReadOnlyList<ByteNetworkShape> networks)
    {
        writer.WriteArrayHeader(networks.Count);
        foreach (ByteNetworkShape network in networks)
        {
            writer.WriteArrayHeader(3);
            writer.Write(network.StateTensors);
            writer.Write(network.StateWidth);
            writer.Write(network.LargestBatch);
        }
    }
}
