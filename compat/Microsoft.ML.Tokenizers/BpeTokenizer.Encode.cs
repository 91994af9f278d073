using System.Runtime.InteropServices;
using System.Text;

namespace Microsoft.ML.Tokenizers;

public sealed partial class BpeTokenizer
{
    protected override EncodeResults<int> EncodeToIds(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings)
    {
        List<BpeMerger.Piece> pieces = Encode(text, textSpan, settings, out string? normalized, out int length);
        int kept = FitFromStart(pieces, settings.MaxTokenCount);
        return new EncodeResults<int>
        {
            Tokens = pieces.Take(kept).Select(p => p.Id).ToArray(),
            NormalizedText = normalized,
            CharsConsumed = kept == pieces.Count ? length : kept == 0 ? 0 : pieces[kept - 1].End,
        };
    }

    protected override EncodeResults<EncodedToken> EncodeToTokens(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings)
    {
        List<BpeMerger.Piece> pieces = Encode(text, textSpan, settings, out string? normalized, out int length);
        return new EncodeResults<EncodedToken>
        {
            Tokens = pieces.Select(p => new EncodedToken(p.Id, _special.GetValueOrDefault(p.Id) ?? _tokens[p.Id], p.Start..p.End)).ToArray(),
            NormalizedText = normalized,
            CharsConsumed = length,
        };
    }

    protected override int CountTokens(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings) =>
        FitFromStart(Encode(text, textSpan, settings, out _, out _), settings.MaxTokenCount);

    protected override int GetIndexByTokenCount(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings, bool fromEnd, out string? normalizedText, out int tokenCount)
    {
        List<BpeMerger.Piece> pieces = Encode(text, textSpan, settings, out normalizedText, out int length);
        if (!fromEnd)
        {
            tokenCount = FitFromStart(pieces, settings.MaxTokenCount);
            return tokenCount == pieces.Count ? length : tokenCount == 0 ? 0 : pieces[tokenCount - 1].End;
        }

        int first = Math.Max(0, pieces.Count - settings.MaxTokenCount);
        while (first < pieces.Count && !pieces[first].Whole)
        {
            first++;
        }

        tokenCount = pieces.Count - first;
        return first == 0 ? 0 : first == pieces.Count ? length : pieces[first].Start;
    }

    /// <summary>How many pieces fit that leave no character cut in two.</summary>
    private static int FitFromStart(List<BpeMerger.Piece> pieces, int most)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(most);
        if (pieces.Count <= most)
        {
            return pieces.Count;
        }

        while (most > 0 && !pieces[most].Whole)
        {
            most--;
        }

        return most;
    }

    private List<BpeMerger.Piece> Encode(string? text, ReadOnlySpan<char> span, EncodeSettings settings, out string? normalized, out int length)
    {
        span = text ?? span;
        normalized = settings.ConsiderNormalization && Normalizer is not null && !span.IsEmpty ? Normalizer.Normalize(span) : null;
        span = normalized ?? span;
        length = span.Length;
        List<BpeMerger.Piece> all = [];
        if (span.IsEmpty)
        {
            return all;
        }

        if (_beginningId is { } beginning)
        {
            all.Add(new BpeMerger.Piece(beginning, 0, 0, true));
        }

        if (settings.ConsiderPreTokenization && PreTokenizer is not null)
        {
            foreach ((int offset, int size) in PreTokenizer.PreTokenize(span))
            {
                EncodeWord(span.Slice(offset, size), offset, all);
            }
        }
        else
        {
            EncodeWord(span, 0, all);
        }

        if (_endId is { } end)
        {
            all.Add(new BpeMerger.Piece(end, length, length, true));
        }

        return all;
    }

    private void EncodeWord(ReadOnlySpan<char> word, int offset, List<BpeMerger.Piece> all)
    {
        if (SpecialTokens is not null && SpecialTokens.TryGetValue(word.ToString(), out int special))
        {
            all.Add(new BpeMerger.Piece(special, offset, offset + word.Length, true));
            return;
        }

        List<BpeMerger.Piece> pieces = [];
        bool afterUnknown = false;
        Span<byte> utf8 = stackalloc byte[4];
        for (int i = 0; i < word.Length;)
        {
            Rune.DecodeFromUtf16(word[i..], out Rune rune, out int size); // A lone surrogate becomes U+FFFD.
            int bytes = ByteLevel ? rune.EncodeToUtf8(utf8) : 1;
            for (int b = 0; b < bytes; b++)
            {
                string unit = ByteLevel ? ByteAlphabet.ToText(utf8[b]) : rune.ToString();
                unit = i + b > 0 ? ContinuingSubwordPrefix + unit : unit;
                unit = i + size == word.Length && b == bytes - 1 ? unit + EndOfWordSuffix : unit;
                int start = offset + i + (b > 0 ? size : 0);
                Add(unit, new BpeMerger.Piece(0, start, offset + i + size, b == 0), pieces, ref afterUnknown);
            }

            i += size;
        }

        _merger.Merge(pieces);
        all.AddRange(pieces);
    }

    private void Add(string unit, BpeMerger.Piece piece, List<BpeMerger.Piece> pieces, ref bool afterUnknown)
    {
        if (_vocabulary.TryGetValue(unit, out int id))
        {
            pieces.Add(piece with { Id = id });
            afterUnknown = false;
        }
        else if (_unknownId is { } unknown)
        {
            if (afterUnknown && FuseUnknownTokens)
            {
                CollectionsMarshal.AsSpan(pieces)[^1].End = piece.End;
            }
            else
            {
                pieces.Add(piece with { Id = unknown });
            }

            afterUnknown = true;
        }
    }
}
