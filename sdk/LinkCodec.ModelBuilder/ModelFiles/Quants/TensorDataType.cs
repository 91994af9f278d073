namespace LinkCodec.ModelBuilder.ModelFiles.Quants;

/// <summary>
/// The form in which a tensor's numbers lie in a file: in blocks of so many numbers and bytes, each row a whole number
/// of blocks. All types are little-endian.
/// </summary>
/// <param name="Name">The type's name in GGUF and safetensors.</param>
/// <param name="BlockCount">Numbers of a block.</param>
/// <param name="BlockLength">Bytes of a block.</param>
/// <param name="Read">Turns whole blocks into single precision, as many as the numbers take.</param>
internal sealed record TensorDataType(string Name, int BlockCount, int BlockLength, TensorDataType.Reader Read)
{
    private static readonly TensorDataType Float32 = new("F32", 1, 4, FloatTypes.Float32);
    private static readonly TensorDataType Float16 = new("F16", 1, 2, FloatTypes.Float16);
    private static readonly TensorDataType BFloat16 = new("BF16", 1, 2, FloatTypes.BFloat16);

    // By the type's number in a GGUF file.
    private static readonly SortedDictionary<uint, TensorDataType> Gguf = new()
    {
        [0] = Float32,
        [1] = Float16,
        [2] = new("Q4_0", 32, 18, LegacyQuants.Q4_0),
        [3] = new("Q4_1", 32, 20, LegacyQuants.Q4_1),
        [6] = new("Q5_0", 32, 22, LegacyQuants.Q5_0),
        [7] = new("Q5_1", 32, 24, LegacyQuants.Q5_1),
        [8] = new("Q8_0", 32, 34, LegacyQuants.Q8_0),
        [12] = new("Q4_K", 256, 144, KQuants.Q4_K),
        [13] = new("Q5_K", 256, 176, KQuants.Q5_K),
        [14] = new("Q6_K", 256, 210, KQuants.Q6_K),
        [30] = BFloat16,
    };

    internal delegate void Reader(ReadOnlySpan<byte> blocks, Span<float> numbers);

    /// <summary>The names of what can be read from GGUF, for messages.</summary>
    internal static string GgufNames { get; } = string.Join(", ", Gguf.Values.Select(format => format.Name));

    /// <summary>The names of what can be read from safetensors, for messages.</summary>
    internal static string SafetensorsNames => "F32, F16, BF16";

    /// <summary>The format of a type in a GGUF file, or null.</summary>
    internal static TensorDataType? OfGguf(uint type) => Gguf.GetValueOrDefault(type);

    /// <summary>The format of a dtype in a safetensors file, or null.</summary>
    internal static TensorDataType? OfSafetensors(string type) => type switch
    {
        "F32" => Float32,
        "F16" => Float16,
        "BF16" => BFloat16,
        _ => null,
    };

    /// <summary>Bytes of so many numbers, a multiple of <see cref="BlockCount"/>.</summary>
    internal long LengthOf(long count) => count / BlockCount * BlockLength;
}
