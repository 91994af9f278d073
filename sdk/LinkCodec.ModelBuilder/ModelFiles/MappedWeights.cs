namespace LinkCodec.ModelBuilder.ModelFiles;

/// <summary>Weights that are views of mapped files.</summary>
/// <param name="config">The model's config, which was checked.</param>
/// <param name="views">The weights by canonical name; their dimensions fit the config.</param>
/// <param name="files">The model's files, owned from now on.</param>
internal abstract class MappedWeights(ModelConfig config, IReadOnlyDictionary<string, WeightView> views,
    IReadOnlyList<MappedFile> files) : ModelWeights
{
    public override ModelConfig Config => config;

    public override bool Has(string name) => views.ContainsKey(name);

    public override (int Rows, int Columns) Dimensions(string name)
    {
        WeightView view = Find(name);
        return (view.Rows, view.Columns);
    }

    public override void Read(string name, int firstRow, Span<float> destination)
    {
        WeightView view = Find(name);
        if (firstRow < 0 || destination.Length % view.Columns != 0
            || destination.Length / view.Columns > view.Rows - firstRow)
        {
            throw new ArgumentException($"'{name}' has {view.Rows} rows of {view.Columns}: no {destination.Length} "
                + $"numbers from row {firstRow} on", nameof(destination));
        }

        view.Read(firstRow, destination);
        for (int i = 0; i < destination.Length; i++)
        {
            if (!float.IsFinite(destination[i]))
            {
                throw ModelFileError.Refused(view.File.Path,
                    $"weights '{name}', row {firstRow + (i / view.Columns)}, column {i % view.Columns}: expected a "
                        + $"finite number, found {(float.IsNaN(destination[i]) ? "none" : "an infinite one")}");
            }
        }
    }

    public override void Dispose()
    {
        foreach (MappedFile file in files)
        {
            file.Dispose();
        }
    }

    private WeightView Find(string name) => views.TryGetValue(name, out WeightView? view)
        ? view
        : throw new ArgumentException($"the model has no '{name}'", nameof(name));
}
