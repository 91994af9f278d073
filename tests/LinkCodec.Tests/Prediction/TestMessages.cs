using System.Text;
using LinkCodec.Tests.Coding;

namespace LinkCodec.Tests.Prediction;

/// <summary>Messages of all kinds and lengths, the same in every run.</summary>
internal static class TestMessages
{
    public static IEnumerable<byte[]> All()
    {
        yield return [];
        yield return [0];
        yield return "Attitude control nominal. Battery 87 %."u8.ToArray();
        yield return [.. "The quick brown fox jumps over the lazy dog, "u8,
            .. "and the lazy dog does not mind the quick brown fox at all."u8];
        yield return "Größe: 3 µm, Ωmega ≈ 0.7, 日本語のテスト"u8.ToArray();
        yield return Records(30);
        yield return Records(1500); // Longer than the history and the counts' limit.
        yield return Enumerable.Repeat((byte)'a', 3000).ToArray();
        yield return Enumerable.Range(0, 1024).Select(i => (byte)i).ToArray();
        yield return new TestRandom(77).Bytes(2000);
    }

    public static byte[] Records(int count)
    {
        var text = new StringBuilder();
        for (int i = 0; i < count; i++)
        {
            text.Append($"{{\"t\":{i * 10},\"v\":{i * i % 97}}}\n");
        }

        return Encoding.ASCII.GetBytes(text.ToString());
    }
}
