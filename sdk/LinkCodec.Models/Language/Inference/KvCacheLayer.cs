using LinkCodec.Models.Graphs;

namespace LinkCodec.Models.Language.Inference;

/// <summary>
/// The keys [rows,K,W,P] and values [rows,K,P,W] of one layer, and the moves between places of different P. Numbers are
/// of 1 or 4 bytes.
/// </summary>
internal sealed class KvCacheLayer(int rows, int heads, int width, int columns, int element)
{
    private readonly PinnedBuffer<byte> _keys = new(checked(rows * heads * width * columns * element));
    private readonly PinnedBuffer<byte> _values = new(rows * heads * width * columns * element);

    /// <summary>Bytes of one row's keys, and of its values.</summary>
    internal int RowBytes => heads * width * columns * element;

    /// <summary>The keys of all rows.</summary>
    internal PinnedBuffer<byte> Keys => _keys;

    /// <summary>The values of all rows.</summary>
    internal PinnedBuffer<byte> Values => _values;

    /// <summary>Columns of a row: P.</summary>
    internal int Columns => columns;

    /// <summary>
    /// Copies columns of a row, from <paramref name="first"/> to before <paramref name="end"/>, from a place of the
    /// same heads and width.
    /// </summary>
    internal void CopyRow(KvCacheLayer source, int from, int to, int first, int end)
    {
        int row = from * source.RowBytes, column = first * element;
        Put(source._keys.Span[(row + column)..], source._values.Span[(row + (column * width))..], source.Columns, to,
            first, end - first);
    }

    /// <summary>Puts columns into a row.</summary>
    /// <param name="keys">[K,W,stride], of which the first <paramref name="count"/> columns are taken.</param>
    /// <param name="values">[K,stride,W], likewise.</param>
    /// <param name="stride">Columns of the source.</param>
    /// <param name="row">The row here.</param>
    /// <param name="at">The first column here.</param>
    /// <param name="count">The number of columns.</param>
    internal void Put(ReadOnlySpan<byte> keys, ReadOnlySpan<byte> values, int stride, int row, int at, int count)
    {
        if (count == 0)
        {
            return;
        }

        Span<byte> keysHere = _keys.Span.Slice(row * RowBytes, RowBytes),
            valuesHere = _values.Span.Slice(row * RowBytes, RowBytes);
        if (count == 1 && element == 1)
        {
            // this copies byte by byte: a copy call for each line would cost more than the copy
            for (int i = 0; i < heads * width; i++)
            {
                keysHere[(i * columns) + at] = keys[i * stride];
            }
        }
        else
        {
            for (int i = 0; i < heads * width; i++)
            {
                keys.Slice(i * stride * element, count * element).CopyTo(keysHere[(((i * columns) + at) * element)..]);
            }
        }

        int line = width * element;
        for (int head = 0; head < heads; head++)
        {
            values.Slice(head * stride * line, count * line).CopyTo(valuesHere[(((head * columns) + at) * line)..]);
        }
    }
}
