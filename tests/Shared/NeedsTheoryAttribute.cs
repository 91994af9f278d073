using Xunit;

namespace LinkCodec.Tests.Shared;

/// <summary>A theory that is skipped, with the reason, where the machine lacks what it needs.</summary>
internal sealed class NeedsTheoryAttribute : TheoryAttribute
{
    public NeedsTheoryAttribute(Machine need)
    {
        Skip = MachineCheck.FindReason(need);
    }
}
