namespace LinkCodec.Core.Snapshots;

/// <summary>The dimensions of a network over bytes.</summary>
/// <param name="StateTensors">State tensors of a stream, 0 to 64.</param>
/// <param name="StateWidth">Numbers in each of them, 0 to 2^20.</param>
/// <param name="LargestBatch">Streams that one call of the graph may take, 1 to 256.</param>
public readonly record struct ByteNetworkShape(int StateTensors, int StateWidth, int LargestBatch)
{
    /// <summary>The symbol that stands before a message: 256.</summary>
    public const int StartSymbol = 256;
}
