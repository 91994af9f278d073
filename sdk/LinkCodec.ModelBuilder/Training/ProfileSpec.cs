using LinkCodec.Core.ContextMixing;
using LinkCodec.Core.Prediction;

namespace LinkCodec.ModelBuilder.Training;

/// <summary>A kind of message that gets a profile of its own.</summary>
/// <param name="Name">The profile's name, 1 to 32 visible ASCII characters.</param>
/// <param name="Hint">The application's hint that means it.</param>
/// <param name="Network">The network that it consults, by number; -1 for none.</param>
/// <param name="IsBinary">Whether its messages are records of bytes rather than characters.</param>
/// <param name="Rate">The rate at which the profile's weights adapt, 0 to 1,023: 3 for prose, 60 for packets of unknown
/// make.</param>
/// <param name="StartRate">The rate that is added at a message's start; the sum is at most 1,023.</param>
internal sealed record ProfileSpec(string Name, ContentHint Hint, int Network, bool IsBinary, int Rate, int StartRate);

/// <summary>
/// Messages of one profile that are learned from one after another, as if each had been acknowledged before the next;
/// or a single one.
/// </summary>
/// <param name="Profile">The profile's number.</param>
/// <param name="Messages">The messages, in order.</param>
internal sealed record TrainingRun(int Profile, IReadOnlyList<ReadOnlyMemory<byte>> Messages);
