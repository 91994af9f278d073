namespace LinkCodec.Models.Bytes;

/// <summary>
/// The state and the weights that follow the zero state and the START token: the same for all messages of a network, so
/// they are computed once. Immutable.
/// </summary>
internal sealed class ByteNetStart
{
    private readonly float[] _state;
    private readonly int[] _logits = new int[ByteNetShape.Tokens];

    /// <summary>Takes the step with START.</summary>
    internal ByteNetStart(ByteNetExecutor executor)
    {
        _state = new float[executor.Shape.States * executor.Shape.Width];
        using ByteNetStates states = executor.CreateStates(1);
        states.Step([0], [ByteNetShape.StartToken], _logits);
        states.Save(0, _state);
    }

    /// <summary>A stream's state after START, tensor after tensor.</summary>
    internal ReadOnlySpan<float> State => _state;

    /// <summary>Logits of a message's first symbol.</summary>
    internal ReadOnlySpan<int> Logits => _logits;
}
