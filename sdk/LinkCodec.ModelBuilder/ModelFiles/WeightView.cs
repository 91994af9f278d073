using System.Buffers;
using LinkCodec.ModelBuilder.ModelFiles.Quants;

namespace LinkCodec.ModelBuilder.ModelFiles;

/// <summary>A matrix of the model: a stored one, some of its rows, or some of its columns as rows.</summary>
/// <param name="File">The file that the numbers are in.</param>
/// <param name="Format">The form in which the numbers lie.</param>
/// <param name="Offset">The place of the first number in the file.</param>
/// <param name="Stride">Bytes from a stored row to the next.</param>
/// <param name="Rows">The view's rows.</param>
/// <param name="Columns">The view's columns.</param>
/// <param name="IsTransposed">Whether the view's rows are stored as columns; only of formats with blocks of
/// one.</param>
internal sealed record WeightView(MappedFile File, TensorDataType Format, long Offset, long Stride, int Rows,
    int Columns, bool IsTransposed)
{
    /// <summary>Fills whole rows from the first on, both inside the view.</summary>
    internal void Read(int firstRow, Span<float> destination)
    {
        if (IsTransposed)
        {
            ReadTransposed(firstRow, destination);
            return;
        }

        int length = (int)Format.LengthOf(Columns);
        for (int row = firstRow; !destination.IsEmpty; row++, destination = destination[Columns..])
        {
            Format.Read(File.Slice(Offset + (row * Stride), length), destination[..Columns]);
        }
    }

    private void ReadTransposed(int firstRow, Span<float> destination)
    {
        int count = destination.Length / Columns;
        float[] rented = ArrayPool<float>.Shared.Rent(count);
        Span<float> piece = rented.AsSpan(0, count);
        for (int column = 0; column < Columns; column++)
        {
            Format.Read(File.Slice(Offset + (column * Stride) + Format.LengthOf(firstRow), (int)Format.LengthOf(count)),
                piece);
            for (int row = 0; row < count; row++)
            {
                destination[(row * Columns) + column] = piece[row];
            }
        }

        ArrayPool<float>.Shared.Return(rented);
    }
}
