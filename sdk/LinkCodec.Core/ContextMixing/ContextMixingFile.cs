using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;
using System.Text;
using LinkCodec.Core.Prediction;

namespace LinkCodec.Core.ContextMixing;

/// <summary>
/// The files of a trained model: numbers, little-endian, one after another, in one Brotli stream (RFC 7932).
/// </summary>
/// <remarks>Spec: protocol-spec/10-context-mixing.md, section 10.</remarks>
internal static class ContextMixingFile
{
    /// <summary>Bytes of a dictionary at most.</summary>
    internal const int LargestDictionary = 64 << 20;

    private const int LargestModel = 64 << 20;
    private const int FirstBuffer = 1 << 16;
    private const int Version = 2;
    private const int LongestName = 32;

    /// <summary>Compresses a file's bytes.</summary>
    internal static byte[] Pack(ReadOnlySpan<byte> content)
    {
        using MemoryStream output = new();
        using (BrotliStream brotli = new(output, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            brotli.Write(content);
        }

        return output.ToArray();
    }

    /// <summary>Decompresses a file's bytes; nothing gives nothing.</summary>
    internal static bool TryUnpack(ReadOnlySpan<byte> file, int largest, out byte[] content)
    {
        content = [];
        if (file.IsEmpty)
        {
            return true;
        }

        if (file.Length < 4
            || BinaryPrimitives.ReadUInt32LittleEndian(file) is uint stated && (stated == 0 || stated > (uint)largest))
        {
            return false;
        }

        // spec 10.10-1: no more memory is taken than the length says, nor much more than the stream has filled
        int length = (int)BinaryPrimitives.ReadUInt32LittleEndian(file);
        ReadOnlySpan<byte> rest = file[4..];
        byte[] all = new byte[Math.Min(length, FirstBuffer)];
        int filled = 0;
        using BrotliDecoder decoder = default;
        while (true)
        {
            OperationStatus status = decoder.Decompress(rest, all.AsSpan(filled), out int consumed, out int written);
            rest = rest[consumed..];
            filled += written;
            if (status == OperationStatus.Done)
            {
                content = all;
                return filled == length && all.Length == length && rest.IsEmpty;
            }

            if (status != OperationStatus.DestinationTooSmall || all.Length == length)
            {
                return false;
            }

            Array.Resize(ref all, (int)Math.Min(length, 2L * all.Length));
        }
    }

    /// <summary>A file: its content's length, and the content compressed.</summary>
    internal static byte[] Wrap(ReadOnlySpan<byte> content)
    {
        byte[] packed = Pack(content);
        byte[] file = new byte[4 + packed.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(file, (uint)content.Length);
        packed.CopyTo(file, 4);
        return file;
    }

    /// <summary>The bytes of "context-mixing.bin".</summary>
    internal static byte[] Write(MixingModel model) => Wrap(Content(model));

    /// <summary>The file's content before compression.</summary>
    internal static byte[] Content(MixingModel model)
    {
        using MemoryStream output = new();
        output.WriteByte(Version);
        output.WriteByte((byte)model.Profiles.Count);
        foreach (MixingProfile profile in model.Profiles)
        {
            byte[] name = Encoding.ASCII.GetBytes(profile.Name);
            output.WriteByte((byte)name.Length);
            output.Write(name);
            output.WriteByte((byte)profile.Hint);
            output.WriteByte((byte)(profile.Network + 1));
            output.WriteByte((byte)(profile.IsBinary ? 1 : 0));
            Write(output, [(ushort)profile.Rate, (ushort)profile.StartRate]);
            foreach (ushort[] map in Maps(profile))
            {
                Write(output, map);
            }

            Write(output, [.. profile.DifferenceMap.Select(weight => (ushort)weight)]);
            foreach (int[] weights in WeightSets(profile))
            {
                byte[] bytes = new byte[4 * weights.Length];
                for (int i = 0; i < weights.Length; i++)
                {
                    BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4 * i), weights[i]);
                }

                output.Write(bytes);
            }
        }

        output.Write(model.Detector.Costs);
        return output.ToArray();
    }

    /// <summary>Reads "context-mixing.bin".</summary>
    internal static bool TryRead(ReadOnlySpan<byte> file, PresetDictionary? dictionary,
        [NotNullWhen(true)] out MixingModel? model, out string fault)
    {
        if (TryUnpack(file, LargestModel, out byte[] content))
        {
            return TryReadContent(content, dictionary, out model, out fault);
        }

        model = null;
        fault = "is damaged or too large";
        return false;
    }

    /// <summary>Reads what was compressed in "context-mixing.bin".</summary>
    internal static bool TryReadContent(ReadOnlySpan<byte> content, PresetDictionary? dictionary,
        [NotNullWhen(true)] out MixingModel? model, out string fault)
    {
        model = null;
        fault = "is empty";
        if (content.Length < 2)
        {
            return false;
        }

        if (content[0] != Version)
        {
            fault = $"has layout {content[0]} instead of {Version}";
            return false;
        }

        int count = content[1];
        if (count is 0 or > MixingModel.MaxProfiles)
        {
            fault = $"names {count} profiles";
            return false;
        }

        int at = 2;
        List<MixingProfile> profiles = [];
        for (int number = 0; number < count; number++)
        {
            if (!TryReadProfile(content, ref at, number, out MixingProfile? profile))
            {
                fault = $"has a profile {number} that breaks the layout";
                return false;
            }

            profiles.Add(profile);
        }

        // spec 10.10-3
        if (content.Length - at != ProfileDetector.Buckets * count)
        {
            fault = "has another length than its profiles say";
            return false;
        }

        model = new MixingModel(profiles, content[at..].ToArray(), dictionary);
        fault = "";
        return true;
    }

    private static ushort[][] Maps(MixingProfile profile) =>
        [profile.RunMap, profile.CounterMap, profile.ExpectedByteMap, profile.EndMap];

    private static int[][] WeightSets(MixingProfile profile) =>
        [profile.Weights, profile.FinalWeights, profile.EndWeights];

    private static void Write(MemoryStream output, ReadOnlySpan<ushort> values)
    {
        foreach (ushort value in values)
        {
            output.WriteByte((byte)value);
            output.WriteByte((byte)(value >> 8));
        }
    }

    private static bool TryReadProfile(ReadOnlySpan<byte> content, ref int at, int number,
        [NotNullWhen(true)] out MixingProfile? profile)
    {
        profile = null;
        if (at >= content.Length || content[at] is 0 or > LongestName || content.Length - at < 1 + content[at] + 7)
        {
            return false;
        }

        ReadOnlySpan<byte> name = content.Slice(at + 1, content[at]);
        at += 1 + name.Length;
        ReadOnlySpan<byte> head = content.Slice(at, 7);
        at += 7;
        int rate = BinaryPrimitives.ReadUInt16LittleEndian(head[3..]);
        int startRate = BinaryPrimitives.ReadUInt16LittleEndian(head[5..]);
        if (name.ContainsAnyExceptInRange((byte)'!', (byte)'~') || (ContentHint)head[0] > ContentHint.Mail
            || head[1] > MixingModel.MaxNetworks || head[2] > 1 || rate + startRate > 1023)
        {
            return false;
        }

        MixingProfile read = new()
        {
            Number = number,
            Name = Encoding.ASCII.GetString(name),
            Hint = (ContentHint)head[0],
            Network = head[1] - 1,
            IsBinary = head[2] != 0,
            Rate = rate,
            StartRate = startRate,
        };
        foreach (ushort[] map in Maps(read))
        {
            if (content.Length - at < 2 * map.Length)
            {
                return false;
            }

            Copy(content.Slice(at, 2 * map.Length), map);
            at += 2 * map.Length;
        }

        if (content.Length - at < 2 * read.DifferenceMap.Length)
        {
            return false;
        }

        for (int i = 0; i < read.DifferenceMap.Length; i++, at += 2)
        {
            read.DifferenceMap[i] = BinaryPrimitives.ReadUInt16LittleEndian(content[at..]);
        }

        foreach (int[] weights in WeightSets(read))
        {
            if (content.Length - at < 4 * weights.Length || !TryCopy(content.Slice(at, 4 * weights.Length), weights))
            {
                return false;
            }

            at += 4 * weights.Length;
        }

        profile = read;
        return true;
    }

    private static void Copy(ReadOnlySpan<byte> bytes, ushort[] values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 * i)..]);
        }
    }

    // spec 10.10-2: larger weights could overflow the mixer's 32 bits
    private static bool TryCopy(ReadOnlySpan<byte> bytes, int[] values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = BinaryPrimitives.ReadInt32LittleEndian(bytes[(4 * i)..]);
            if (values[i] is < -(1 << 19) or > (1 << 19))
            {
                return false;
            }
        }

        return true;
    }
}
