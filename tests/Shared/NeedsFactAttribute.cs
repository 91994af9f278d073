using Xunit;

namespace LinkCodec.Tests.Shared;

/// <summary>A fact that is skipped, with the reason, where the machine lacks what it needs.</summary>
internal sealed class NeedsFactAttribute : FactAttribute
{
    public NeedsFactAttribute(Machine need)
    {
        Skip = MachineCheck.FindReason(need);
    }
}
