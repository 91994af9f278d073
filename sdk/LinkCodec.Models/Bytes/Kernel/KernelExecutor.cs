namespace LinkCodec.Models.Bytes.Kernel;

/// <summary>Runs a byte net by the kernel.</summary>
internal sealed class KernelExecutor(ByteNetKernel kernel) : ByteNetExecutor
{
    // A step of this many lanes meets every tile that a step can.
    private const int WarmLanes = 9;

    /// <inheritdoc/>
    internal override string Name => kernel.Dot.Name;

    /// <inheritdoc/>
    internal override ByteNetShape Shape => kernel.Shape;

    /// <summary>Packs a network for the best that this processor has, and has the step's code compiled.</summary>
    internal static KernelExecutor Create(ByteNetWeights weights)
    {
        DotProduct dot = DotProduct.Best;
        var executor = new KernelExecutor(new ByteNetKernel(weights, dot));
        executor.Warm();
        return executor;
    }

    /// <inheritdoc/>
    internal override ByteNetStates CreateStates(int capacity) => new KernelStates(kernel, capacity);

    // The first message should not wait for the compiler.
    private void Warm()
    {
        using ByteNetStates states = CreateStates(WarmLanes);
        int[] lanes = [.. Enumerable.Range(0, WarmLanes)];
        int[] tokens = new int[WarmLanes];
        Array.Fill(tokens, ByteNetShape.StartToken);
        states.Step(lanes, tokens, new int[WarmLanes * ByteNetShape.Tokens]);
    }
}
