using System.Buffers;
using System.Text;

namespace Microsoft.ML.Tokenizers;

public sealed partial class BpeTokenizer
{
    public override string Decode(IEnumerable<int> ids) => Decode(ids, considerSpecialTokens: true);

    public string Decode(IEnumerable<int> ids, bool considerSpecialTokens)
    {
        ArgumentNullException.ThrowIfNull(ids);
        ArrayBufferWriter<byte> output = new();
        bool space = false;
        foreach (int id in ids)
        {
            TryAppend(id, considerSpecialTokens, output, ref space);
        }

        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    public override OperationStatus Decode(IEnumerable<int> ids, Span<char> destination, out int idsConsumed, out int charsWritten) =>
        Decode(ids, destination, considerSpecialTokens: true, out idsConsumed, out charsWritten);

    /// <summary>Stops before the first id whose characters do not fit; ids that leave a character unfinished count when it is finished.</summary>
    public OperationStatus Decode(IEnumerable<int> ids, Span<char> destination, bool considerSpecialTokens, out int idsConsumed, out int charsWritten)
    {
        ArgumentNullException.ThrowIfNull(ids);
        idsConsumed = 0;
        charsWritten = 0;
        ArrayBufferWriter<byte> pending = new();
        bool space = false;
        int hanging = 0;
        foreach (int id in ids)
        {
            if (!TryAppend(id, considerSpecialTokens, pending, ref space))
            {
                return OperationStatus.InvalidData;
            }

            hanging++;
            OperationStatus status = System.Text.Unicode.Utf8.ToUtf16(
                pending.WrittenSpan, destination[charsWritten..], out int read, out int written, replaceInvalidSequences: false, isFinalBlock: false);
            if (status is OperationStatus.DestinationTooSmall or OperationStatus.InvalidData)
            {
                return status;
            }

            if (read == pending.WrittenCount)
            {
                charsWritten += written;
                idsConsumed += hanging;
                hanging = 0;
                pending.ResetWrittenCount();
            }
        }

        return OperationStatus.Done;
    }

    /// <summary>Appends a token's UTF-8; false when there is no such token. A suffix becomes a space before the next token.</summary>
    private bool TryAppend(int id, bool considerSpecialTokens, ArrayBufferWriter<byte> output, ref bool space)
    {
        bool special = _special.TryGetValue(id, out string? token) || (!ByteLevel && id == _unknownId);
        if (special && !considerSpecialTokens)
        {
            return true;
        }

        if (token is null && !_tokens.TryGetValue(id, out token))
        {
            return false;
        }

        if (space)
        {
            output.Write(" "u8);
            space = false;
        }

        ReadOnlySpan<char> text = token;
        if (!special && EndOfWordSuffix is { Length: > 0 } suffix && text.EndsWith(suffix, StringComparison.Ordinal))
        {
            text = text[..^suffix.Length];
            space = !ByteLevel;
        }

        if (!special && ContinuingSubwordPrefix is { Length: > 0 } prefix && text.StartsWith(prefix, StringComparison.Ordinal))
        {
            text = text[prefix.Length..];
        }

        foreach (Rune rune in text.EnumerateRunes())
        {
            Span<byte> utf8 = output.GetSpan(4);
            bool isByte = ByteLevel && !special && rune.IsBmp && ByteAlphabet.TryToByte((char)rune.Value, out utf8[0]);
            output.Advance(isByte ? 1 : rune.EncodeToUtf8(utf8));
        }

        return true;
    }
}
