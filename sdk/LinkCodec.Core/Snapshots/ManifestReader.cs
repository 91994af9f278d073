using System.Diagnostics.CodeAnalysis;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;
using MessagePack;

namespace LinkCodec.Core.Snapshots;

/// <summary>Reads a manifest's bytes, which anybody may have written.</summary>
internal static class ManifestReader
{
    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out ManifestFields? fields,
        out ManifestFault fault)
    {
        fields = null;
        fault = default;
        if (bytes.Length > SnapshotLimits.ManifestBytes)
        {
            // spec 6.1-4
            fault = TooLarge($"has {bytes.Length} bytes, at most {SnapshotLimits.ManifestBytes} are allowed");
            return false;
        }

        byte[] copy = bytes.ToArray();
        try
        {
            ManifestCursor cursor = new(copy);
            fields = Read(ref cursor);
            cursor.End();
            // spec 6.1-2
            Require(ManifestWriter.Write(fields).AsSpan().SequenceEqual(bytes), "is not in canonical form");
            return true;
        }
        catch (ManifestFaultException e)
        {
            fault = e.Fault;
        }
        catch (Exception e) when (e is MessagePackSerializationException or EndOfStreamException or OverflowException
            or ArgumentOutOfRangeException)
        {
            // MessagePack finds lengths of 2^31 and more out of range.
            fault = new ManifestFault(LinkErrorCode.Malformed, "is not MessagePack of the layout");
        }

        fields = null;
        return false;
    }

    // spec 6.1-1
    private static ManifestFields Read(ref ManifestCursor cursor)
    {
        int keys = cursor.Map();
        cursor.Key(0);
        Newest("format", cursor.Number(), SnapshotManifest.FormatVersion);
        if (keys > 9)
        {
            throw new ManifestFaultException(TooNew("has keys that this version does not know")); // spec 6.1-3
        }

        Require(keys == 9, $"has {keys} keys, expected 9");
        cursor.Key(1);
        string label = cursor.Text(SnapshotLimits.LabelBytes, "label");
        Require(!label.Any(char.IsControl), "has control characters in its label");
        cursor.Key(2);
        string family = cursor.Text(SnapshotLimits.LabelBytes, "family");
        if (family is not (SnapshotManifest.BytesFamily or SnapshotManifest.MixedFamily
            or SnapshotManifest.LanguageFamily))
        {
            // spec 6.1-3
            throw new ManifestFaultException(TooNew("is of a model family that this version does not know"));
        }

        // spec 6.1-6
        cursor.Key(3);
        ulong alphabet = cursor.Number();
        Require(alphabet == Predictor.ByteAlphabet, $"states {alphabet} symbols, expected {Predictor.ByteAlphabet}");
        cursor.Key(4);
        ulong bits = cursor.Number();
        (int least, int most) = family switch
        {
            SnapshotManifest.MixedFamily => (SnapshotManifest.MixedFrequencyBits, SnapshotManifest.MixedFrequencyBits),
            SnapshotManifest.LanguageFamily =>
                (SnapshotManifest.LanguageFrequencyBits, SnapshotManifest.LanguageFrequencyBits),
            _ => (16, 24),
        };
        Require(bits >= (ulong)least && bits <= (ulong)most,
            $"states {bits} frequency bits, expected {(least == most ? $"{least}" : $"{least} to {most}")}");
        cursor.Key(5);
        cursor.Array(2);
        Newest("quantiser", cursor.Number(), SnapshotManifest.QuantiserVersion);
        Newest("coder", cursor.Number(), SnapshotManifest.CoderVersion);
        cursor.Key(6);
        List<SnapshotFile> files = ReadFiles(ref cursor);
        cursor.Key(7);
        cursor.Array(2);
        byte[] probe = cursor.Bytes(SnapshotLimits.ProbeBytes, "probe");
        NumericFingerprint fingerprint = new(cursor.Digest());
        cursor.Key(8);
        if (family == SnapshotManifest.LanguageFamily)
        {
            TokenNetworkShape shape = ReadTokenNetwork(ref cursor, out IReadOnlyList<ByteNetworkShape> others);
            return new ManifestFields(family, label, (int)alphabet, (int)bits, files, probe, fingerprint,
                others, shape);
        }

        IReadOnlyList<ByteNetworkShape> networks = family == SnapshotManifest.MixedFamily
            ? ReadNetworks(ref cursor)
            : [ReadNetwork(ref cursor)];
        return new ManifestFields(family, label, (int)alphabet, (int)bits, files, probe, fingerprint, networks);
    }

    private static List<SnapshotFile> ReadFiles(ref ManifestCursor cursor)
    {
        int count = cursor.Array();
        Require(count > 0, "names no file");
        Limit(count <= SnapshotLimits.Files, $"names {count} files, at most {SnapshotLimits.Files} are allowed");
        List<SnapshotFile> files = new(count);
        ulong total = 0;
        string? previous = null;
        for (int i = 0; i < count; i++)
        {
            cursor.Array(3);
            string path = cursor.Text(SnapshotLimits.PathBytes, "path");
            // spec 6.1-5
            Require(SnapshotPath.IsAllowed(path),
                "names a file outside its folder or with characters that not every system allows");
            // spec 6.1-5
            Require(string.CompareOrdinal(previous, path) < 0, "does not list its files once each in ordinal order");
            ulong size = cursor.Number();
            total = size > SnapshotLimits.TotalFileBytes ? ulong.MaxValue : total + size;
            Limit(total <= SnapshotLimits.TotalFileBytes,
                $"names more than {SnapshotLimits.TotalFileBytes} bytes of files");
            files.Add(new SnapshotFile(path, (long)size, cursor.Digest()));
            previous = path;
        }

        return files;
    }

    // spec 6.1-6
    private static ByteNetworkShape ReadNetwork(ref ManifestCursor cursor)
    {
        const int Parameters = 5;
        int count = cursor.Map();
        if (count > Parameters)
        {
            throw new ManifestFaultException(TooNew("has parameters that this version does not know")); // spec 6.1-3
        }

        Require(count == Parameters, $"has {count} parameters, expected {Parameters}");
        cursor.Key(0);
        int tensors = ReadTensors(ref cursor);
        cursor.Key(1);
        int width = ReadWidth(ref cursor);
        cursor.Key(2);
        ulong start = cursor.Number();
        cursor.Key(3);
        ulong end = cursor.Number();
        Require(start == ByteNetworkShape.StartSymbol && end == Predictor.EndSymbol,
            $"states the start symbol {start} and the end symbol {end}, expected 256 for both");
        cursor.Key(4);
        return new ByteNetworkShape(tensors, width, ReadBatch(ref cursor));
    }

    // spec 6.1-7
    private static List<ByteNetworkShape> ReadNetworks(ref ManifestCursor cursor)
    {
        const int Dimensions = 3;
        int count = cursor.Array();
        Limit(count <= SnapshotLimits.Networks,
            $"states {count} networks, at most {SnapshotLimits.Networks} are allowed");
        List<ByteNetworkShape> networks = new(count);
        for (int i = 0; i < count; i++)
        {
            int dimensions = cursor.Array();
            if (dimensions > Dimensions)
            {
                // spec 6.1-3
                throw new ManifestFaultException(TooNew("has dimensions of a network that this version does not know"));
            }

            Require(dimensions == Dimensions, $"has {dimensions} dimensions of a network, expected {Dimensions}");
            networks.Add(new ByteNetworkShape(ReadTensors(ref cursor), ReadWidth(ref cursor), ReadBatch(ref cursor)));
        }

        return networks;
    }

    // spec 6.1-8
    private static TokenNetworkShape ReadTokenNetwork(ref ManifestCursor cursor,
        out IReadOnlyList<ByteNetworkShape> networks)
    {
        const int Dimensions = 4;
        int count = cursor.Array();
        if (count > Dimensions + 1)
        {
            // spec 6.1-3
            throw new ManifestFaultException(TooNew("has dimensions of a network that this version does not know"));
        }

        Require(count >= Dimensions, $"has {count} dimensions of a network, expected {Dimensions}");
        int vocabulary = ReadDimension(ref cursor, 2, SnapshotLimits.Vocabulary, "vocabulary");
        int window = ReadDimension(ref cursor, 16, SnapshotLimits.Window, "window");
        int overlap = ReadDimension(ref cursor, 1, window / 2, "overlap");
        int context = ReadDimension(ref cursor, 2, window / 2, "context");
        networks = count > Dimensions ? ReadNetworks(ref cursor) : [];
        return new TokenNetworkShape(vocabulary, window, overlap, context);
    }

    private static int ReadDimension(ref ManifestCursor cursor, int least, int most, string what)
    {
        ulong value = cursor.Number();
        Require(value >= (ulong)least, $"states a {what} of {value}, at least {least} is needed");
        Limit(value <= (ulong)most, $"states a {what} of {value}, at most {most} is allowed");
        return (int)value;
    }

    private static int ReadTensors(ref ManifestCursor cursor)
    {
        ulong tensors = cursor.Number();
        Limit(tensors <= SnapshotLimits.StateTensors,
            $"states {tensors} state tensors, at most {SnapshotLimits.StateTensors} are allowed");
        return (int)tensors;
    }

    private static int ReadWidth(ref ManifestCursor cursor)
    {
        ulong width = cursor.Number();
        Limit(width <= SnapshotLimits.StateWidth,
            $"states a state width of {width}, at most {SnapshotLimits.StateWidth} is allowed");
        return (int)width;
    }

    private static int ReadBatch(ref ManifestCursor cursor)
    {
        ulong batch = cursor.Number();
        Require(batch > 0, "states a largest batch of 0");
        Limit(batch <= SnapshotLimits.Batch,
            $"states a largest batch of {batch}, at most {SnapshotLimits.Batch} is allowed");
        return (int)batch;
    }

    private static void Newest(string what, ulong version, int newest)
    {
        Require(version > 0, $"states version 0 of the {what}");
        if (version > (ulong)newest)
        {
            // spec 6.1-3
            throw new ManifestFaultException(
                TooNew($"needs version {version} of the {what}, this is version {newest}"));
        }
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new ManifestFaultException(new ManifestFault(LinkErrorCode.Malformed, otherwise));
        }
    }

    // spec 6.1-4
    private static void Limit(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new ManifestFaultException(TooLarge(otherwise));
        }
    }

    private static ManifestFault TooNew(string text) => new(LinkErrorCode.SnapshotTooNew, text);

    private static ManifestFault TooLarge(string text) => new(LinkErrorCode.LimitExceeded, text);
}
