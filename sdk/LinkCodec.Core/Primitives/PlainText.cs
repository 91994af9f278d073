using System.Buffers;
using System.Globalization;
using System.Text;

namespace LinkCodec.Core.Primitives;

/// <summary>
/// Text of others for a person's terminal: what would command the terminal, or turn the text around, is shown instead.
/// </summary>
internal static class PlainText
{
    /// <summary>
    /// The text in one line, with control characters and marks of direction as <c>\u001b</c>; lone surrogates too.
    /// </summary>
    public static string Of(string? text)
    {
        StringBuilder plain = new();
        foreach (Rune rune in (text ?? "").EnumerateRunes())
        {
            Append(plain, rune);
        }

        return plain.ToString();
    }

    /// <summary>The text of UTF-8 bytes, in which line feeds and tabs stay; other bytes as <c>\xff</c>.</summary>
    /// <param name="bytes">Any bytes.</param>
    /// <param name="isFinal">False: a character that is cut off at the end is left for the next call.</param>
    /// <param name="taken">Bytes that the text stands for.</param>
    public static string Of(ReadOnlySpan<byte> bytes, bool isFinal, out int taken)
    {
        StringBuilder plain = new();
        taken = 0;
        while (taken < bytes.Length)
        {
            OperationStatus status = Rune.DecodeFromUtf8(bytes[taken..], out Rune rune, out int length);
            if (status == OperationStatus.NeedMoreData && !isFinal)
            {
                break;
            }

            if (status != OperationStatus.Done)
            {
                foreach (byte one in bytes.Slice(taken, length))
                {
                    plain.Append(CultureInfo.InvariantCulture, $"\\x{one:x2}");
                }
            }
            else if (rune.Value is '\n' or '\t')
            {
                plain.Append((char)rune.Value);
            }
            else
            {
                Append(plain, rune);
            }

            taken += length;
        }

        return plain.ToString();
    }

    private static void Append(StringBuilder plain, Rune rune)
    {
        // Format holds the overrides and isolates of direction, and characters that show nothing.
        bool commands = Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
        plain.Append(commands ? string.Create(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}") : rune.ToString());
    }
}
