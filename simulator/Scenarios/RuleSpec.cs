using LinkCodec.Simulator.Channel;

namespace LinkCodec.Simulator.Scenarios;

/// <summary>A rule in a scenario: its kind and its numbers, checked, defaults filled in.</summary>
internal sealed class RuleSpec
{
    private readonly Dictionary<string, double> _values = new(StringComparer.Ordinal);

    /// <exception cref="FormatException">An unknown rule or number, or one out of its range: one clear
    /// line.</exception>
    public RuleSpec(string rule, params IEnumerable<(string Name, double Value)> numbers)
    {
        Kind = RuleCatalog.Find(rule);
        foreach ((string name, double value) in numbers)
        {
            RuleParameter parameter = Kind.Parameters.FirstOrDefault(p => p.Name == name)
                ?? throw new FormatException($"the rule '{rule}' has no '{name}': it takes "
                    + $"{string.Join(", ", Kind.Parameters.Select(p => p.Name))}.");
            if (!(value >= parameter.Least && value <= parameter.Most))
            {
                throw new FormatException(string.Create(
                    null, $"the rule '{rule}' takes {name} from {parameter.Least} to {parameter.Most}, not {value}."));
            }

            _values[name] = value;
        }

        foreach (RuleParameter parameter in Kind.Parameters)
        {
            _ = _values.TryAdd(
                parameter.Name,
                parameter.Default ?? (_values.ContainsKey(parameter.Name) ? 0 : throw new FormatException(
                    $"the rule '{rule}' needs '{parameter.Name}'.")));
        }
    }

    public RuleKind Kind { get; }

    public double this[string name] => _values[name];

    /// <summary>A number of seconds as a time, whole microseconds.</summary>
    public TimeSpan Span(string name) => TimeSpan.FromMicroseconds((long)Math.Round(_values[name] * 1e6));

    public IChannelRule Make() => Kind.Make(this);
}
