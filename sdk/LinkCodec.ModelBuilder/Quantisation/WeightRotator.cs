using LinkCodec.Core.Primitives;
using LinkCodec.ModelBuilder.ModelFiles;
using LinkCodec.Models.Language;

namespace LinkCodec.ModelBuilder.Quantisation;

/// <summary>
/// Makes every family alike and easy to quantise, without changing what the model computes: gains and biases of norms
/// move into the matrices that follow, rotary pairs become halves, and the residual stream and the heads' values are
/// rotated by orthogonal matrices.
/// </summary>
/// <remarks>
/// Matrices come out as rows of inputs, outputs fastest. With R the matrix of the stream, a row x becomes xR; what
/// reads it has R on its left side, what writes it on its right. A layer norm takes the mean off; here what writes to
/// the stream leaves it off, so that the norm's rest is an RMS norm. Not thread-safe.
/// </remarks>
internal sealed class WeightRotator
{
    private readonly ModelWeights _weights;
    private readonly TransformerShape _shape;
    private readonly MatrixProduct _stream;
    private readonly float[] _streamRows;
    private readonly RandomSource _random;

    /// <summary>Takes its orthogonal matrices from <paramref name="random"/>.</summary>
    internal WeightRotator(ModelWeights weights, TransformerShape shape, RandomSource random)
    {
        _weights = weights;
        _shape = shape;
        _random = random;
        _streamRows = Rotations.Random(shape.Width, random);
        _stream = new MatrixProduct(_streamRows, shape.Width);
    }

    private bool IsCentred => _weights.Config.IsLayerNorm;

    /// <summary>
    /// The four matrices of a layer; each has a bias where the shape has biases. Layers are asked for once, in order.
    /// </summary>
    internal IEnumerable<(string Name, float[] Matrix, float[] Bias)> Layer(int layer)
    {
        float[] head = Rotations.ForHead(_shape.HeadWidth, _random);
        (float[] matrix, float[] bias) = QueriesKeysValues(layer, head);
        yield return ("qkv", matrix, bias);
        (matrix, bias) = Writing($"{layer}.o", _shape.Heads * _shape.HeadWidth, head);
        yield return ("o", matrix, bias);
        (matrix, bias) = Reading($"{layer}.ffn_norm", _shape.IsGated ? [($"{layer}.gate", _shape.FeedForwardWidth),
            ($"{layer}.up", _shape.FeedForwardWidth)] : [($"{layer}.up", _shape.FeedForwardWidth)], (_, _) => { });
        yield return ("in", matrix, bias);
        (matrix, bias) = Writing($"{layer}.down", _shape.FeedForwardWidth, null);
        yield return ("down", matrix, bias);
    }

    /// <summary>The gains of a layer's norm of queries or keys.</summary>
    internal float[] QueryKeyNorm(string name)
    {
        float[] gains = Vector(name, _shape.HeadWidth);
        PairsToHalves(gains, 1);
        return gains;
    }

    /// <summary>Rows that go straight into the stream, tokens' or positions'.</summary>
    internal void Embedding(string name, int firstRow, float[] buffer, float[] rotated)
    {
        _weights.Read(name, firstRow, buffer);
        Centre(buffer);
        _stream.Multiply(buffer, buffer.Length / _shape.Width, rotated);
    }

    /// <summary>
    /// Some of the head's rows of inputs: of <see cref="TransformerShape.Width"/>, those from <paramref name="first"/>
    /// on.
    /// </summary>
    /// <param name="first">The first row.</param>
    /// <param name="count">The number of rows of <see cref="TransformerShape.Vocabulary"/> numbers to make. A call
    /// reads the whole matrix, however few they are.</param>
    internal float[] Head(int first, int count)
    {
        const int tokens = 1024;
        int width = _shape.Width;
        float[] gains = Vector("output_norm", width);
        float[] columns = new float[width * count];
        for (int row = 0; row < width; row++)
        {
            for (int column = 0; column < count; column++)
            {
                columns[(row * count) + column] = gains[row] * _streamRows[(row * width) + first + column];
            }
        }

        MatrixProduct stream = new(columns, width);
        float[] result = new float[count * _shape.Vocabulary];
        float[] product = new float[tokens * count];
        for (int token = 0; token < _shape.Vocabulary; token += tokens)
        {
            int rows = Math.Min(tokens, _shape.Vocabulary - token);
            float[] block = new float[rows * width];
            _weights.Read(HeadName, token, block);
            stream.Multiply(block, rows, product);
            for (int row = 0; row < rows; row++)
            {
                for (int column = 0; column < count; column++)
                {
                    result[(column * _shape.Vocabulary) + token + row] = product[(row * count) + column];
                }
            }
        }

        return result;
    }

    /// <summary>The bias of the last norm, as it adds to the logits.</summary>
    internal float[] HeadBias()
    {
        float[] shift = VectorOrZeros("output_norm.bias", _shape.Width);
        float[] bias = new float[_shape.Vocabulary];
        float[] row = new float[_shape.Width];
        for (int token = 0; token < bias.Length; token++)
        {
            _weights.Read(HeadName, token, row);
            bias[token] = Dot(row, shift);
        }

        return bias;
    }

    private string HeadName => _weights.Config.IsTied ? "token_embedding" : "output";

    private (float[] Matrix, float[] Bias) QueriesKeysValues(int layer, float[] head)
    {
        int width = _shape.HeadWidth;
        int queries = _shape.Heads * width;
        int keys = _shape.KeyValueHeads * width;
        return Reading($"{layer}.attention_norm", [($"{layer}.q", queries), ($"{layer}.k", keys), ($"{layer}.v", keys)],
            (rows, columns) =>
            {
                Span<float> rotary = rows.AsSpan(0, (queries + keys) * columns);
                for (int first = 0; first < rotary.Length; first += width * columns)
                {
                    PairsToHalves(rotary.Slice(first, width * columns), columns);
                }

                RotateHeads(rows.AsSpan((queries + keys) * columns), columns, head);
            });
    }

    /// <summary>Matrices that read the stream through a norm, side by side.</summary>
    private (float[] Matrix, float[] Bias) Reading(string norm, (string Name, int Rows)[] parts,
        Action<float[], int> mixRows)
    {
        int width = _shape.Width;
        int outputs = parts.Sum(part => part.Rows);
        float[] rows = new float[outputs * width];
        float[] bias = new float[outputs];
        float[] gains = Vector(norm, width);
        float[] shift = VectorOrZeros($"{norm}.bias", width);
        int at = 0;
        foreach ((string name, int count) in parts)
        {
            _weights.Read(name, 0, rows.AsSpan(at * width, count * width));
            VectorOrZeros($"{name}.bias", count).CopyTo(bias, at);
            at += count;
        }

        for (int output = 0; output < outputs; output++)
        {
            Span<float> row = rows.AsSpan(output * width, width);
            bias[output] += Dot(row, shift);
            for (int i = 0; i < width; i++)
            {
                row[i] *= gains[i];
            }
        }

        mixRows(rows, width);
        mixRows(bias, 1);
        float[] rotated = new float[rows.Length];
        _stream.Multiply(rows, outputs, rotated);
        Matrices.Transpose(rotated, width, rows);
        return (rows, bias);
    }

    /// <summary>A matrix that writes to the stream.</summary>
    private (float[] Matrix, float[] Bias) Writing(string name, int inputs, float[]? head)
    {
        float[] stored = new float[_shape.Width * inputs];
        _weights.Read(name, 0, stored);
        float[] rows = new float[stored.Length];
        Matrices.Transpose(stored, inputs, rows);
        float[] bias = VectorOrZeros($"{name}.bias", _shape.Width);
        Centre(rows);
        Centre(bias);
        if (head is not null)
        {
            RotateHeads(rows, _shape.Width, head);
        }

        _stream.Multiply(rows, inputs, stored);
        float[] rotatedBias = new float[bias.Length];
        _stream.Multiply(bias, 1, rotatedBias);
        return (stored, rotatedBias);
    }

    private float[] Vector(string name, int length)
    {
        float[] vector = new float[length];
        _weights.Read(name, 0, vector);
        return vector;
    }

    private float[] VectorOrZeros(string name, int length) =>
        _weights.Has(name) ? Vector(name, length) : new float[length];

    /// <summary>
    /// Each head's rows become mixtures of them: row i of the result is the sum over j of head[j, i] * row j.
    /// </summary>
    private void RotateHeads(Span<float> rows, int columns, float[] head)
    {
        int width = _shape.HeadWidth;
        float[] transposed = new float[head.Length];
        Matrices.Transpose(head, width, transposed);
        float[] result = new float[width * columns];
        for (int first = 0; first < rows.Length; first += result.Length)
        {
            Span<float> of = rows.Slice(first, result.Length);
            new MatrixProduct(of, width).Multiply(transposed, width, result);
            result.CopyTo(of);
        }
    }

    private void PairsToHalves(Span<float> rows, int columns)
    {
        if (!_weights.Config.IsRotaryInterleaved)
        {
            return;
        }

        float[] old = rows.ToArray();
        int half = _shape.HeadWidth / 2;
        for (int i = 0; i < half; i++)
        {
            old.AsSpan(2 * i * columns, columns).CopyTo(rows[(i * columns)..]);
            old.AsSpan(((2 * i) + 1) * columns, columns).CopyTo(rows[((half + i) * columns)..]);
        }
    }

    private void Centre(Span<float> rows)
    {
        for (int first = 0; IsCentred && first < rows.Length; first += _shape.Width)
        {
            Span<float> row = rows.Slice(first, _shape.Width);
            double sum = 0;
            foreach (float number in row)
            {
                sum += number;
            }

            float mean = (float)(sum / row.Length);
            foreach (ref float number in row)
            {
                number -= mean;
            }
        }
    }

    private static float Dot(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        double sum = 0;
        for (int i = 0; i < left.Length; i++)
        {
            sum += left[i] * right[i];
        }

        return (float)sum;
    }
}
