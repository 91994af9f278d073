using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using LinkCodec.Core.ContextMixing;

namespace LinkCodec.Tests.ContextMixing;

/// <summary>The models of the vectors, which are formulas: see "formulas" in context-mixing.json.</summary>
internal static class FormulaModel
{
    private static readonly int[] MapSizes = [16 * 4096, 13 * 1024, 12 * 2048, 4128, 2 * 64 * 256];
    private static readonly int[] WeightSizes = [712 * 48, 128 * 8, 4 * 8];
    private static readonly string[] Hints = ["auto", "prose", "json", "csv", "log", "nmea", "weather", "orbit",
        "binary", "mail"];

    public static int Hint(string name) => Array.IndexOf(Hints, name);

    public static ContextMixingPredictor Load(JsonElement model, int frequencyBits = ContextMixingPredictor.ScaleBits)
    {
        byte[] text = Convert.FromHexString(model.GetProperty("dictionary").GetString()!);
        return ContextMixingFile.TryReadContent(Content(model), text.Length == 0 ? null : new PresetDictionary(text),
            out MixingModel? read, out string fault)
            ? new ContextMixingPredictor(read, [.. Enumerable.Range(0, read.NetworkCount)
                .Select(k => new FakeByteModel { Seed = 1 + (6 * (ulong)k) })], frequencyBits)
            : throw new InvalidOperationException(fault);
    }

    /// <summary>The content of its "context-mixing.bin".</summary>
    public static byte[] Content(JsonElement model)
    {
        bool tame = model.GetProperty("formula").GetString() == "tame";
        uint salt = 1000 * model.GetProperty("seed").GetUInt32();
        JsonElement[] profiles = [.. model.GetProperty("profiles").EnumerateArray()];
        using MemoryStream content = new();
        content.Write([2, (byte)profiles.Length]);
        for (int k = 0; k < profiles.Length; k++)
        {
            Head(content, profiles[k]);
            for (int t = 0; t < 8; t++)
            {
                Part(content, tame, salt + (16 * (uint)k) + (uint)t, t);
            }
        }

        for (uint i = 0; i < ProfileDetector.Buckets * profiles.Length; i++)
        {
            content.WriteByte((byte)(ContextHash.Of(i, salt + 999) >> 26));
        }

        return content.ToArray();
    }

    private static void Head(MemoryStream content, JsonElement profile)
    {
        byte[] name = Encoding.ASCII.GetBytes(profile.GetProperty("name").GetString()!);
        int rate = profile.GetProperty("rate").GetInt32();
        int startRate = profile.GetProperty("start_rate").GetInt32();
        content.Write([(byte)name.Length, .. name, (byte)Hint(profile.GetProperty("hint").GetString()!),
            (byte)(profile.GetProperty("network").GetInt32() + 1), (byte)profile.GetProperty("binary").GetInt32(),
            (byte)rate, (byte)(rate >> 8), (byte)startRate, (byte)(startRate >> 8)]);
    }

    private static void Part(MemoryStream content, bool tame, uint salt, int t)
    {
        byte[] bytes = new byte[t < 5 ? 2 * MapSizes[t] : 4 * WeightSizes[t - 5]];
        for (int i = 0; i < bytes.Length / (t < 5 ? 2 : 4); i++)
        {
            uint h = ContextHash.Of((uint)i, salt);
            if (t < 5)
            {
                uint value = !tame ? h >> 16 : t == 1 ? (1024 * ((uint)i % 64)) + (h >> 22) : t == 3 ? h >> 20
                    : t == 4 ? h >> 18 : 32768 + (h >> 17);
                BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(2 * i), (ushort)value);
                continue;
            }

            int weight = !tame ? (int)(h >> 12) - 524288
                : t == 5 ? (int)(h >> 20) - 1000 + (i % 48 == 41 ? 8000 : 0)
                : t == 6 ? 2200 + (int)(h >> 22) : (int)(h >> 18) - 2000;
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4 * i), weight);
        }

        content.Write(bytes);
    }
}
