namespace LinkCodec.Core.Prediction;

/// <summary>A context of the snapshot-free predictor: the stream behind some messages. Takes 30 KB.</summary>
internal sealed class AdaptiveByteContext : StreamContext
{
    /// <summary>The stream; nobody changes it while lanes start from it.</summary>
    internal AdaptiveByteStream Stream { get; } = new();

    /// <summary>Whether there is a message in <see cref="Stream"/>: without any it is the start state.</summary>
    internal bool HasMessages { get; private set; }

    /// <summary>Takes what a lane has learned.</summary>
    internal void Take(AdaptiveByteStream stream)
    {
        Stream.CopyFrom(stream);
        HasMessages = true;
    }

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
    public override void CopyFrom(StreamContext other)
    {
        AdaptiveByteContext source = Of(other);
        Stream.CopyFrom(source.Stream);
        HasMessages = source.HasMessages;
    }
}
