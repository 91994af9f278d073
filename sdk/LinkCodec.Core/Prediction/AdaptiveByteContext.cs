namespace LinkCodec.Core.Prediction;

/// <summary>A context of the snapshot-free predictor: the stream behind some messages. Takes 30 KB.</summary>
internal sealed class AdaptiveByteContext : StreamContext
{
    /// <summary>The stream; nobody changes it while lanes start from it.</summary>
    internal AdaptiveByteStream Stream { get; } = new();

    /// <summary>A context as one of this family.</summary>
    /// <exception cref="ArgumentException">A context of another predictor.</exception>
    internal static AdaptiveByteContext Of(StreamContext context) => context as AdaptiveByteContext
        ?? throw new ArgumentException("A context of another predictor.", nameof(context));

    /// <inheritdoc/>
    public override StreamContext Clone()
    {
        AdaptiveByteContext clone = new();
        clone.CopyFrom(this);
        return clone;
    }

    /// <inheritdoc/>
    public override void CopyFrom(StreamContext other) => Stream.CopyFrom(Of(other).Stream);
}
