namespace LinkCodec.Tests;

/// <summary>Names the requirement of protocol-spec/ that a test proves, as <c>[Spec("4.2-3")]</c>.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class, AllowMultiple = true)]
public sealed class SpecAttribute(string id) : Attribute
{
    /// <summary>The requirement's id: section, hyphen, number.</summary>
    public string Id { get; } = id;
}
