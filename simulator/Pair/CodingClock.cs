using LinkCodec.Core.Endpoint;

namespace LinkCodec.Simulator.Pair;

/// <summary>
/// Does an endpoint's coding in virtual time: at once, and taking as long as its message bytes take at a given speed.
/// </summary>
/// <param name="code">Codes or decodes a piece of work, and waits for it.</param>
/// <param name="bytesPerSecond">Message bytes that an end codes or decodes in a second; 0 where it takes no
/// time.</param>
internal sealed class CodingClock(Action<CodingWork> code, double bytesPerSecond = 0)
{
    /// <summary>A clock for endpoints that hand out no work.</summary>
    public static CodingClock None { get; } =
        new(_ => throw new InvalidOperationException("This endpoint codes nothing."));

    /// <summary>Does a piece of work.</summary>
    /// <returns>The virtual time that the work took.</returns>
    public TimeSpan Run(CodingWork work)
    {
        code(work);
        return bytesPerSecond > 0 ? TimeSpan.FromSeconds(work.MessageBytes / bytesPerSecond) : TimeSpan.Zero;
    }
}
