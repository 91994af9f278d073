namespace LinkCodec.State;

/// <summary>Turns the system's errors into what an application is told.</summary>
internal static class StateFailure
{
    /// <summary>The error in one line.</summary>
    public static LinkStateException Of(Exception cause) => cause as LinkStateException
        ?? new LinkStateException($"The state cannot be written: {cause.Message.ReplaceLineEndings(" ")}", cause);
}
