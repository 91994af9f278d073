using LinkCodec.ModelBuilder.ModelFiles.Quants;

namespace LinkCodec.ModelBuilder.ModelFiles;

/// <summary>Finds the weights of a model among the tensors of its files.</summary>
/// <param name="path">The files' name in messages.</param>
/// <param name="names">The names that the files use.</param>
/// <param name="tensors">The tensors by name.</param>
internal sealed class WeightMap(string path, TensorNameMap names, IReadOnlyDictionary<string, TensorInfo> tensors)
{
    private static readonly string[] FusedParts = ["q", "k", "v"];

    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    /// <summary>A view of each weight, by canonical name.</summary>
    /// <param name="config">The model's config, which was checked.</param>
    /// <param name="isIdle">Whether a tensor that is no weight may be there: it would change nothing.</param>
    /// <exception cref="Core.Primitives.LinkException">A weight is missing or of another shape, or there is a tensor
    /// whose use is not known: the model is more than its config.</exception>
    internal Dictionary<string, WeightView> Views(ModelConfig config, Func<string, bool> isIdle)
    {
        Dictionary<string, WeightView> views = new(StringComparer.Ordinal);
        foreach (WeightLayout.Weight weight in WeightLayout.Of(config))
        {
            if (Find(weight, config) is { } view)
            {
                views.Add(weight.Name, view);
            }
        }

        string? other = tensors.Keys.Where(name => !_used.Contains(name) && !isIdle(name)).Min(StringComparer.Ordinal);
        return other is null
            ? views
            : throw ModelFileError.Refused(path, $"tensor '{ModelFileError.Shown(other)}' has no place in a "
                + $"{config.Family} model as described: what it is for is not supported");
    }

    private WeightView? Find(WeightLayout.Weight weight, ModelConfig config)
    {
        string? name = names.Of(weight.Layer, weight.Part);
        if (name is not null && tensors.TryGetValue(name, out TensorInfo? own))
        {
            return View(own, weight, weight.Rows, weight.Columns, 0);
        }

        // One matrix for queries, keys and values: the rows of each follow the others'.
        int part = Array.IndexOf(FusedParts, weight.Part.Split('.')[0]);
        string? fusedName = part < 0 ? null : names.Of(weight.Layer, "qkv" + weight.Part[1..]);
        if (fusedName is not null && tensors.TryGetValue(fusedName, out TensorInfo? fused))
        {
            int queries = config.Heads * config.HeadWidth;
            int keys = config.KeyValueHeads * config.HeadWidth;
            int first = part switch { 0 => 0, 1 => queries, _ => queries + keys };
            int all = queries + (2 * keys);
            return weight.Rows == 1 && weight.Part.Length > 1
                ? View(fused, weight, 1, all, first)
                : View(fused, weight, all, weight.Columns, first);
        }

        return weight.IsRequired
            ? throw ModelFileError.Refused(path, $"tensor '{name ?? fusedName ?? weight.Name}' is missing")
            : null;
    }

    // The part of a stored matrix of rows x columns (as the view sees it) that begins at row (or, in a vector, number)
    // first.
    private WeightView View(TensorInfo tensor, WeightLayout.Weight weight, int rows, int columns, int first)
    {
        string shown = ModelFileError.Shown(tensor.Name);
        TensorDataType format = tensor.Format ?? throw ModelFileError.Refused(path, $"tensor '{shown}': expected "
            + $"numbers of type {TensorDataType.SafetensorsNames}, found {ModelFileError.Shown(tensor.Type)}");
        bool isTransposed = names.IsTransposed(weight);
        (int Rows, int Columns) expected = isTransposed ? (columns, rows) : (rows, columns);
        if (tensor.Dimensions() != expected)
        {
            throw ModelFileError.Refused(path,
                $"tensor '{shown}': expected {(expected.Rows == 1 ? "" : $"{expected.Rows} x ")}{expected.Columns} "
                    + $"numbers, found {string.Join(" x ", tensor.Shape)}");
        }

        _used.Add(tensor.Name);
        long stride = format.LengthOf(expected.Columns);
        bool isAlongRow = isTransposed || rows == 1;
        if (isAlongRow && (first % format.BlockCount != 0 || weight.Columns % format.BlockCount != 0))
        {
            throw ModelFileError.Refused(path,
                $"tensor '{shown}': blocks of {format.BlockCount} numbers cross the borders of its parts");
        }

        long offset = tensor.Offset + (isAlongRow ? format.LengthOf(first) : first * stride);
        return new WeightView(tensor.File, format, offset, stride, weight.Rows, weight.Columns, isTransposed);
    }
}
