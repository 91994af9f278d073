using System.Text;
using LinkCodec.Models.Language.Tokenization;

namespace LinkCodec.Tests.Language.Inference;

/// <summary>
/// A small vocabulary: control tokens, most of ASCII, and pieces of the tests' messages; the longest that fits comes
/// next.
/// </summary>
internal sealed class FakeTokenizer : ITokenizer
{
    private static readonly string[] Pieces =
    [
        " the", "The", " and", " is", " of", "ing", "ed", " no", "minal", "At", "ti", "tude", " con", "trol", " Bat",
        "tery", " quick", " brown", " fox", " jumps", " over", " lazy", " dog", " does", " not", " mind", " at", " all",
        ".\n", "\n\n", "\r\n", "{\"t\":", ",\"v\":", "}\n", "{\"", "\":", "is", " pump", " running", " again", " wind",
        " sky", " clear", " west", " from", " crew", " safe", "All", " well", " hurt", " one", "Wind", ",\"ok\":true}",
        "er", "an", "in", " sail", " dawn", "we", " ab", "oard", "The quick brown fox",
    ];

    private readonly List<byte[]> _bytes = [[], []];
    private readonly int[] _single = new int[256];

    public FakeTokenizer()
    {
        Array.Fill(_single, -1);
        foreach (byte value in Enumerable.Range(0x20, 0x5F).Append('\n').Append('\r'))
        {
            _single[value] = _bytes.Count;
            _bytes.Add([value]);
        }

        _bytes.AddRange(Pieces.Select(Encoding.ASCII.GetBytes));
    }

    public int Count => _bytes.Count;

    public int BeginToken => 0;

    public ReadOnlySpan<byte> Bytes(int token) => token < 0 ? new byte[] { (byte)~token } : _bytes[token];

    public void Encode(ReadOnlySpan<byte> message, List<int> tokens)
    {
        while (!message.IsEmpty)
        {
            int best = _single[message[0]] >= 0 ? _single[message[0]] : ~message[0];
            for (int id = 0; id < _bytes.Count; id++)
            {
                if (_bytes[id].Length > Bytes(best).Length && message.StartsWith(_bytes[id]))
                {
                    best = id;
                }
            }

            tokens.Add(best);
            message = message[Bytes(best).Length..];
        }
    }
}
