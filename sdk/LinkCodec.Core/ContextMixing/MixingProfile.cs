using LinkCodec.Core.Prediction;

namespace LinkCodec.Core.ContextMixing;

/// <summary>
/// The trained constants for one kind of message: how far each input is to be believed, and the mixing weights to start
/// from.
/// </summary>
/// <remarks>Read-only once a model is made; only training changes it.</remarks>
internal sealed class MixingProfile
{
    private MapLogits? _logits;

    /// <summary>The profile's number among the model's profiles.</summary>
    internal required int Number { get; init; }

    /// <summary>The profile's name, for people.</summary>
    internal required string Name { get; init; }

    /// <summary>The application's hint that means it.</summary>
    internal required ContentHint Hint { get; init; }

    /// <summary>The network that it consults, by number; -1 for none.</summary>
    internal required int Network { get; init; }

    /// <summary>Whether its messages are records of bytes rather than characters.</summary>
    internal required bool IsBinary { get; init; }

    /// <summary>
    /// The rate at which weights adapt: this one always, and <see cref="StartRate"/> in addition at a message's start.
    /// 0 to 1,023 each.
    /// </summary>
    internal required int Rate { get; init; }

    internal required int StartRate { get; init; }

    internal ushort[] RunMap { get; init; } = new ushort[MixingLayout.RunContexts * MixingLayout.RunMapEntries];

    internal ushort[] CounterMap { get; init; } = new ushort[MixingLayout.CounterContexts
        * MixingLayout.CounterMapEntries];

    internal ushort[] ExpectedByteMap { get; init; } = new ushort[MixingLayout.ExpectedBytes
        * MixingLayout.ExpectedByteMapEntries];

    /// <summary>How often a byte differs from another by how much, by state; rows of 256.</summary>
    internal uint[] DifferenceMap { get; init; } = new uint[MixingLayout.Differences
        * MixingLayout.DifferenceMapEntries];

    internal ushort[] EndMap { get; init; } = new ushort[MixingLayout.EndMapEntries];

    internal int[] Weights { get; init; } = new int[MixingLayout.SetStarts[MixingLayout.Sets] * MixingLayout.Inputs];

    internal int[] FinalWeights { get; init; } = new int[MixingLayout.FinalRows * MixingLayout.FinalInputs];

    internal int[] EndWeights { get; init; } = new int[MixingLayout.EndRows * MixingLayout.EndInputs];

    /// <summary>The maps' logits, made when first asked for: training, which changes the maps, never asks.</summary>
    internal MapLogits Logits
    {
        get
        {
            // Threads that come together make equal tables.
            MapLogits? logits = Volatile.Read(ref _logits);
            if (logits is null)
            {
                logits = new MapLogits(this);
                Volatile.Write(ref _logits, logits);
            }

            return logits;
        }
    }
}
