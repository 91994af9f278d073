using LinkCodec.Core.Primitives;
using LinkCodec.Models.Language.Files;

namespace LinkCodec.Models.Language.Import;

/// <summary>A model's tensors as an import needs them: of the size that the description promises, and finite.</summary>
/// <remarks>Not thread-safe; does not own the weights.</remarks>
internal sealed class WeightSource(ModelWeights weights)
{
    /// <summary>The model.</summary>
    internal ModelDescription Description => weights.Description;

    /// <summary>Whether the model has a tensor.</summary>
    internal bool Has(string name) => weights.Has(name);

    /// <summary>Demands that a matrix is there, with at least so many rows of so many columns.</summary>
    /// <exception cref="LinkException">Malformed.</exception>
    internal void Demand(string name, int rows, int columns)
    {
        if (!weights.Has(name))
        {
            throw Fault($"its tensor '{name}' is missing.");
        }

        (int Rows, int Columns) found = weights.Dimensions(name);
        if (found.Columns != columns || found.Rows < rows)
        {
            throw Fault($"its tensor '{name}' should have {rows} rows of {columns} numbers, and has {found.Rows} of {found.Columns}.");
        }
    }

    /// <summary>Demands that a vector is there, with so many numbers.</summary>
    /// <exception cref="LinkException">Malformed.</exception>
    internal void Demand(string name, int length)
    {
        if (!weights.Has(name))
        {
            throw Fault($"its tensor '{name}' is missing.");
        }

        (int rows, int columns) = weights.Dimensions(name);
        if ((long)rows * columns != length)
        {
            throw Fault($"its tensor '{name}' should have {length} numbers, and has {(long)rows * columns}.");
        }
    }

    /// <summary>Reads rows of a matrix that was demanded.</summary>
    /// <exception cref="LinkException">Malformed: a number is not finite.</exception>
    internal void Read(string name, int firstRow, Span<float> destination)
    {
        weights.Read(name, firstRow, destination);
        foreach (float number in destination)
        {
            if (!float.IsFinite(number))
            {
                throw Fault($"its tensor '{name}' has a number that is not finite.");
            }
        }
    }

    /// <summary>Reads a whole matrix.</summary>
    internal float[] Matrix(string name, int rows, int columns)
    {
        float[] matrix = new float[rows * columns];
        Read(name, 0, matrix);
        return matrix;
    }

    /// <summary>Reads a vector; zeros where the model has none.</summary>
    internal float[] VectorOrZeros(string name, int length)
    {
        float[] vector = new float[length];
        if (weights.Has(name))
        {
            Read(name, 0, vector);
        }

        return vector;
    }

    private static LinkException Fault(string what) => new(LinkErrorCode.Malformed, $"The model cannot be imported: {what}");
}
