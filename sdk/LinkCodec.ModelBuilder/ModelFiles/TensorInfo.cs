using LinkCodec.ModelBuilder.ModelFiles.Quants;

namespace LinkCodec.ModelBuilder.ModelFiles;

/// <summary>A tensor as a file has it.</summary>
/// <param name="File">The file that the tensor's numbers are in.</param>
/// <param name="Name">The tensor's name in the file.</param>
/// <param name="Type">The file's name for the type of the numbers.</param>
/// <param name="Format">The form in which the numbers lie; null where it is not known here.</param>
/// <param name="Shape">Outermost first, each 1 or more and at most <see cref="MaxDimension"/>; at most four.</param>
/// <param name="Offset">The place of the tensor's first byte in the file.</param>
/// <param name="Length">The tensor's bytes; the file has them.</param>
internal sealed record TensorInfo(MappedFile File, string Name, string Type, TensorDataType? Format, int[] Shape,
    long Offset, long Length)
{
    /// <summary>The largest dimension that is taken: of a matrix so wide a row is 64 MiB.</summary>
    internal const int MaxDimension = 1 << 24;

    /// <summary>Dimensions of a tensor.</summary>
    internal const int MaxDimensions = 4;

    /// <summary>Tensors of a file.</summary>
    internal const int MaxTensors = 1 << 16;

    /// <summary>Numbers of a tensor.</summary>
    internal const long MaxNumbers = 1L << 40;

    /// <summary>A shape's numbers; null where they are more than <see cref="MaxNumbers"/>.</summary>
    internal static long? CountOf(ReadOnlySpan<int> shape)
    {
        long count = 1;
        foreach (int size in shape)
        {
            count *= size;
            if (count > MaxNumbers)
            {
                return null;
            }
        }

        return count;
    }

    /// <summary>Refuses tensors that share bytes.</summary>
    /// <exception cref="Core.Primitives.LinkException">Two tensors overlap.</exception>
    internal static void CheckApart(string path, IEnumerable<TensorInfo> tensors)
    {
        TensorInfo? before = null;
        foreach (TensorInfo tensor in tensors.OrderBy(tensor => tensor.Offset).ThenBy(tensor => tensor.Length))
        {
            if (before is not null && tensor.Offset < before.Offset + before.Length)
            {
                throw ModelFileError.Refused(path,
                    $"tensors '{ModelFileError.Shown(before.Name)}' and '{ModelFileError.Shown(tensor.Name)}' overlap");
            }

            before = tensor;
        }
    }

    /// <summary>Rows and columns; a vector is one row. Null for any other tensor.</summary>
    internal (int Rows, int Columns)? Dimensions() => Shape.Length switch
    {
        1 => (1, Shape[0]),
        2 => (Shape[0], Shape[1]),
        _ => null,
    };
}
