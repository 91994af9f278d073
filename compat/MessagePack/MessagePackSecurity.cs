namespace MessagePack;

/// <summary>How deep values may nest.</summary>
public class MessagePackSecurity
{
    public static readonly MessagePackSecurity TrustedData = new(500);
    public static readonly MessagePackSecurity UntrustedData = new(500);

    private MessagePackSecurity(int depth) => MaximumObjectGraphDepth = depth;

    public int MaximumObjectGraphDepth { get; }

    public MessagePackSecurity WithMaximumObjectGraphDepth(int maximumObjectGraphDepth) =>
        maximumObjectGraphDepth == MaximumObjectGraphDepth ? this : new(maximumObjectGraphDepth);

    /// <summary>Goes one level deeper; the caller decrements <see cref="MessagePackReader.Depth"/> on the way back.</summary>
    /// <exception cref="InsufficientExecutionStackException">The limit is reached.</exception>
    public void DepthStep(ref MessagePackReader reader)
    {
        if (reader.Depth >= MaximumObjectGraphDepth)
        {
            throw new InsufficientExecutionStackException(
                $"This msgpack sequence has an object graph that exceeds the maximum depth allowed of {MaximumObjectGraphDepth}.");
        }

        reader.Depth++;
    }
}
