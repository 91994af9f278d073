using LinkCodec.Simulator.Channel;

namespace LinkCodec.Simulator.Scenarios;

/// <summary>A number that a rule takes.</summary>
/// <param name="Name">The parameter's name with its unit, as in a scenario file.</param>
/// <param name="Least">The least value.</param>
/// <param name="Most">The greatest value.</param>
/// <param name="Default">The value when it is left out; null when it must be given.</param>
internal sealed record RuleParameter(string Name, double Least, double Most, double? Default = null);

/// <summary>A line of the catalog: a rule that scenarios can name.</summary>
/// <param name="Name">The rule's name as in a scenario file.</param>
/// <param name="Does">The rule's effect, for the list.</param>
/// <param name="Parameters">The numbers that the rule takes.</param>
/// <param name="Make">A fresh rule from its numbers.</param>
internal sealed record RuleKind(
    string Name, string Does, IReadOnlyList<RuleParameter> Parameters, Func<RuleSpec, IChannelRule> Make);
