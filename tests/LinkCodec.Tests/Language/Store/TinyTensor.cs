namespace LinkCodec.Tests.Language.Store;

/// <summary>A matrix, row after row.</summary>
internal sealed record TinyTensor(int Rows, int Columns, float[] Numbers)
{
    /// <summary>One after the other: matrices of as many columns, or vectors to one vector.</summary>
    internal static TinyTensor Join(params TinyTensor[] parts) => parts[0].Rows == 1
        ? new(1, parts.Sum(part => part.Columns), [.. parts.SelectMany(part => part.Numbers)])
        : new(parts.Sum(part => part.Rows), parts[0].Columns, [.. parts.SelectMany(part => part.Numbers)]);

    internal TinyTensor Transposed()
    {
        float[] transposed = new float[Numbers.Length];
        for (int i = 0; i < transposed.Length; i++)
        {
            transposed[(i % Columns * Rows) + (i / Columns)] = Numbers[i];
        }

        return new TinyTensor(Columns, Rows, transposed);
    }

    /// <summary>Rows (or the numbers of a bias) of each head from the order of halves to the order of pairs.</summary>
    internal TinyTensor ToPairs(int headWidth)
    {
        int size = Rows == 1 ? 1 : Columns;
        float[] paired = new float[Numbers.Length];
        for (int row = 0; row < Numbers.Length / size; row++)
        {
            int inHead = row % headWidth;
            int half = headWidth / 2;
            int target = row - inHead + (inHead < half ? 2 * inHead : (2 * (inHead - half)) + 1);
            Numbers.AsSpan(row * size, size).CopyTo(paired.AsSpan(target * size));
        }

        return this with { Numbers = paired };
    }

    /// <summary>The numbers' bytes in F32, F16 or BF16.</summary>
    internal byte[] Bytes(string type) => type switch
    {
        "F32" => [.. Numbers.SelectMany(BitConverter.GetBytes)],
        "F16" => [.. Numbers.SelectMany(number => BitConverter.GetBytes((Half)number))],
        "BF16" => [.. Numbers.SelectMany(number => BitConverter.GetBytes(number)[2..])],
        _ => throw new ArgumentException(type),
    };
}
