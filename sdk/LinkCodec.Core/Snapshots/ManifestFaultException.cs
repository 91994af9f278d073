namespace LinkCodec.Core.Snapshots;

/// <summary>The way out of a nested reader; never leaves <see cref="ManifestReader"/>.</summary>
internal sealed class ManifestFaultException(ManifestFault fault) : Exception(fault.Text)
{
    public ManifestFault Fault { get; } = fault;
}
