using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;
using LinkCodec.Core.ContextMixing;

namespace LinkCodec.Core.PrimedMixing;

/// <summary>Reads and writes the trained tables.</summary>
/// <remarks>Spec: protocol-spec/16-primed-mixing.md, section 6.</remarks>
internal static class PrimedFile
{
    private const string BuiltIn = "LinkCodec.Core.PrimedMixing.PrimedTables.bin";
    private const byte Layout = 1;
    private const int WeightsInRow = PrimedLayout.BiasInput + 1;

    // The counts that a counter may have in the file, by the upper two bits of its byte.
    private static ReadOnlySpan<byte> Counts => [0, 1, 3, PrimedLayout.MostTrained];

    /// <summary>The tables that the assembly holds.</summary>
    internal static PrimedModel ReadBuiltIn()
    {
        using Stream stream = typeof(PrimedFile).Assembly.GetManifestResourceStream(BuiltIn)
            ?? throw new InvalidOperationException($"{BuiltIn} is missing.");
        using MemoryStream file = new();
        stream.CopyTo(file);
        return TryRead(Unpack(file.ToArray()), out PrimedModel? model)
            ? model
            : throw new InvalidOperationException($"{BuiltIn} is damaged.");
    }

    /// <summary>The content of a file that is trusted.</summary>
    internal static byte[] Unpack(byte[] file)
    {
        using ZLibStream packed = new(new MemoryStream(file), CompressionMode.Decompress);
        using MemoryStream content = new();
        packed.CopyTo(content);
        return content.ToArray();
    }

    /// <summary>A file of a content.</summary>
    internal static byte[] Pack(byte[] content)
    {
        using MemoryStream file = new();
        using (ZLibStream packed = new(file, CompressionLevel.SmallestSize))
        {
            packed.Write(content);
        }

        return file.ToArray();
    }

    /// <summary>A counter as the file can hold it.</summary>
    internal static ushort Round(ushort counter) => Unpack(Pack(counter));

    /// <summary>Reads the content of a file. Never throws on bytes.</summary>
    /// <param name="content">The content, unpacked.</param>
    /// <param name="model">The tables; null when false.</param>
    /// <returns>Whether the content is well. spec 16.6-2</returns>
    internal static bool TryRead(ReadOnlySpan<byte> content, [NotNullWhen(true)] out PrimedModel? model)
    {
        model = null;
        if (content.Length < 1 + PrimedLayout.Contexts || content[0] != Layout)
        {
            return false;
        }

        int[] bits = new int[PrimedLayout.Contexts];
        for (int i = 0; i < bits.Length; i++)
        {
            bits[i] = content[1 + i];
            if (bits[i] is < 3 or > PrimedLayout.MostTableBits)
            {
                return false;
            }
        }

        PrimedModel read = new(bits);
        ReadOnlySpan<byte> rest = content[(1 + bits.Length)..];
        for (int i = 0; i < bits.Length; i++)
        {
            if (!TryReadTable(read.Table(i), ref rest))
            {
                return false;
            }
        }

        model = TryReadMaps(read, rest) ? read : null;
        return model is not null;
    }

    /// <summary>The content of a file of these tables, whose counters are rounded.</summary>
    internal static byte[] Write(PrimedModel model)
    {
        List<byte> content = [Layout, .. model.Bits.Select(bits => (byte)bits)];
        for (int i = 0; i < PrimedLayout.Contexts; i++)
        {
            WriteTable(model.Table(i), content);
        }

        Span<byte> number = stackalloc byte[sizeof(int)];
        foreach (short logit in model.Map.Concat(model.MatchMap))
        {
            BinaryPrimitives.WriteInt16LittleEndian(number, logit);
            content.AddRange(number[..sizeof(short)]);
        }

        for (int i = 0; i < model.Weights.Length; i++)
        {
            if (i % PrimedLayout.RowSize < WeightsInRow)
            {
                BinaryPrimitives.WriteInt32LittleEndian(number, model.Weights[i]);
                content.AddRange(number);
            }
        }

        return [.. content];
    }

    private static bool TryReadTable(Span<ushort> table, ref ReadOnlySpan<byte> rest)
    {
        int buckets = table.Length / PrimedLayout.BucketSize;
        if (rest.Length < buckets / 8)
        {
            return false;
        }

        ReadOnlySpan<byte> flags = rest[..(buckets / 8)];
        rest = rest[flags.Length..];
        List<int> used = [];
        for (int i = 0; i < buckets; i++)
        {
            if ((flags[i / 8] >> (i % 8) & 1) != 0)
            {
                used.Add(i * PrimedLayout.BucketSize);
            }
        }

        if (rest.Length < used.Count * (PrimedLayout.BucketSize + 1))
        {
            return false;
        }

        for (int i = 0; i < used.Count; i++)
        {
            ushort check = BinaryPrimitives.ReadUInt16LittleEndian(rest[(2 * i)..]);
            if ((check & 1) == 0)
            {
                return false;
            }

            table[used[i]] = check;
        }

        rest = rest[(2 * used.Count)..];
        for (int node = 1; node < PrimedLayout.BucketSize; node++)
        {
            for (int i = 0; i < used.Count; i++)
            {
                table[used[i] + node] = Unpack(rest[i]);
            }

            rest = rest[used.Count..];
        }

        return true;
    }

    private static bool TryReadMaps(PrimedModel model, ReadOnlySpan<byte> rest)
    {
        int logits = model.Map.Length + model.MatchMap.Length;
        int weights = model.Weights.Length / PrimedLayout.RowSize * WeightsInRow;
        if (rest.Length != (sizeof(short) * logits) + (sizeof(int) * weights))
        {
            return false;
        }

        for (int i = 0; i < logits; i++)
        {
            short logit = BinaryPrimitives.ReadInt16LittleEndian(rest[(2 * i)..]);
            if (Math.Abs((int)logit) > LogisticTables.LargestLogit)
            {
                return false;
            }

            (i < model.Map.Length ? model.Map : model.MatchMap)[i % model.Map.Length] = logit;
        }

        rest = rest[(sizeof(short) * logits)..];
        for (int i = 0; i < weights; i++)
        {
            int weight = BinaryPrimitives.ReadInt32LittleEndian(rest[(sizeof(int) * i)..]);
            if (weight is < -PrimedMixer.LargestWeight or > PrimedMixer.LargestWeight)
            {
                return false;
            }

            model.Weights[(i / WeightsInRow * PrimedLayout.RowSize) + (i % WeightsInRow)] = weight;
        }

        return true;
    }

    private static void WriteTable(ReadOnlySpan<ushort> table, List<byte> content)
    {
        byte[] flags = new byte[table.Length / PrimedLayout.BucketSize / 8];
        List<int> used = [];
        for (int at = 0; at < table.Length; at += PrimedLayout.BucketSize)
        {
            if (table[at] != 0)
            {
                int bucket = at / PrimedLayout.BucketSize;
                flags[bucket / 8] |= (byte)(1 << (bucket % 8));
                used.Add(at);
            }
        }

        content.AddRange(flags);
        foreach (int at in used)
        {
            content.Add((byte)table[at]);
            content.Add((byte)(table[at] >> 8));
        }

        for (int node = 1; node < PrimedLayout.BucketSize; node++)
        {
            foreach (int at in used)
            {
                content.Add(Pack(table[at + node]));
            }
        }
    }

    private static byte Pack(ushort counter)
    {
        int count = counter & 15;
        int kind = count == 0 ? 0 : count < 2 ? 1 : count < 5 ? 2 : 3;
        return kind == 0 ? (byte)0 : (byte)((kind << 6) | PrimedCoder.Levels[counter >> 4]);
    }

    // spec 16.6-1
    private static ushort Unpack(byte packed)
    {
        int count = Counts[packed >> 6];
        if (count == 0)
        {
            return PrimedLayout.EvenCounter;
        }

        int probability = LogisticTables.Squash((64 * (packed & 63)) + 32 - 2048) >> 4;
        return (ushort)((probability << 4) | count);
    }
}
