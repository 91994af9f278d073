using LinkCodec.Tests.Coding;
using LinkCodec.Tests.Language.Store;

namespace LinkCodec.Tests.ModelBuilder.ModelFiles;

/// <summary>
/// A small language model of random weights, by the names that <c>ModelWeights.Read</c> takes; same family and seed,
/// same weights.
/// </summary>
/// <remarks>
/// Rows of queries and keys are in the order of halves. Files of it are written by <see cref="TinyModelFiles"/>.
/// </remarks>
internal sealed record TinyModel
{
    internal const float RotaryBase = 10_000;

    internal TinyModel(string family, ulong seed = 1)
    {
        (Family, HasErf) = family == "gpt2-erf" ? ("gpt2", true) : (family, false);
        Seed = seed;
        IsTied = IsGpt2;
        Epsilon = IsGpt2 ? 1e-5f : 1e-6f;
    }

    /// <summary>llama, mistral, qwen2, qwen3 or gpt2.</summary>
    internal string Family { get; }

    /// <summary>
    /// Whether GELU is the normal distribution's and not its approximation: the family was given as gpt2-erf.
    /// </summary>
    internal bool HasErf { get; }

    internal ulong Seed { get; }

    internal int Width { get; init; } = 32;

    internal int Layers { get; init; } = 2;

    internal int Heads { get; init; } = 4;

    /// <summary>Of GPT-2 as many as <see cref="Heads"/>.</summary>
    internal int KeyValueHeads { get => IsGpt2 ? Heads : field; init; } = 2;

    /// <summary>Of GPT-2 its share of <see cref="Width"/>.</summary>
    internal int HeadWidth { get => IsGpt2 ? Width / Heads : field; init; } = 8;

    internal int FeedForwardWidth { get; init; } = 64;

    internal int Vocabulary { get; init; } = 96;

    internal int Context { get; init; } = 128;

    internal float Epsilon { get; init; }

    internal bool IsTied { get; init; }

    internal bool IsGpt2 => Family == "gpt2";

    /// <summary>Rows, columns and numbers by name, made anew at each call.</summary>
    internal SortedDictionary<string, TinyTensor> Weights()
    {
        SortedDictionary<string, TinyTensor> weights = new(StringComparer.Ordinal);
        TestRandom random = new(Seed);
        void Add(string name, int rows, int columns, float middle = 0)
        {
            float spread = rows == 1 ? 0.2f : 1.5f / Root(columns);
            weights.Add(name, new TinyTensor(rows, columns, Numbers(random, rows * columns, middle, spread)));
        }

        void Linear(string name, int rows, int columns, bool hasBias)
        {
            Add(name, rows, columns);
            if (hasBias)
            {
                Add(name + ".bias", 1, rows);
            }
        }

        void Norm(string name, int columns)
        {
            Add(name, 1, columns, 1);
            if (IsGpt2)
            {
                Add(name + ".bias", 1, columns);
            }
        }

        Add("token_embedding", Vocabulary, Width);
        if (IsGpt2)
        {
            Add("position_embedding", Context, Width);
        }

        for (int layer = 0; layer < Layers; layer++)
        {
            Norm($"{layer}.attention_norm", Width);
            Linear($"{layer}.q", Heads * HeadWidth, Width, IsGpt2 || Family == "qwen2");
            Linear($"{layer}.k", KeyValueHeads * HeadWidth, Width, IsGpt2 || Family == "qwen2");
            Linear($"{layer}.v", KeyValueHeads * HeadWidth, Width, IsGpt2 || Family == "qwen2");
            Linear($"{layer}.o", Width, Heads * HeadWidth, IsGpt2);
            if (Family == "qwen3")
            {
                Norm($"{layer}.q_norm", HeadWidth);
                Norm($"{layer}.k_norm", HeadWidth);
            }

            Norm($"{layer}.ffn_norm", Width);
            if (!IsGpt2)
            {
                Linear($"{layer}.gate", FeedForwardWidth, Width, false);
            }

            Linear($"{layer}.up", FeedForwardWidth, Width, IsGpt2);
            Linear($"{layer}.down", Width, FeedForwardWidth, IsGpt2);
        }

        Norm("output_norm", Width);
        if (!IsTied)
        {
            Add("output", Vocabulary, Width);
        }

        return weights;
    }

    private static float Root(int number)
    {
        float root = 1;
        while (root * root < number)
        {
            root++;
        }

        return root;
    }

    // Multiples of 2^-7 below 2 in magnitude: they are the same numbers in F32, F16 and BF16.
    private static float[] Numbers(TestRandom random, int count, float middle, float spread)
    {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++)
        {
            int steps = (int)(spread * 128) + 1;
            numbers[i] = middle + ((random.Next((2 * steps) + 1) - steps) / 128f);
        }

        return numbers;
    }
}
