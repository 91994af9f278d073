namespace LinkCodec.Conformance.Tests.Trace;

/// <summary>A numbered requirement of the specification, or a place that cites one.</summary>
internal sealed record Requirement(string Id, string Where);
