namespace LinkCodec;

/// <summary>
/// How long live sound took: from the instant at which the sender had read the first sample of a segment to the one at
/// which the receiver had written the segment. The length of a segment is part of it.
/// </summary>
/// <remarks>By the clocks of both ends: off by what they differ. It says nothing of sound that the sender reads faster
/// or slower than it sounds, as from a file.</remarks>
/// <param name="Mean">The mean over all segments.</param>
/// <param name="Longest">The longest of them.</param>
public sealed record LinkDelay(TimeSpan Mean, TimeSpan Longest);
