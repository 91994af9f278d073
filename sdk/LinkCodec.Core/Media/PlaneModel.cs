namespace LinkCodec.Core.Media;

/// <summary>All that one kind of plane has learned: a first plane, one with a plane before it, or one with
/// two.</summary>
/// <remarks>Memory: about 2 MB of histograms for 8 bits and 5 MB for 16, 1 MB of weights, 32 bytes times 2^bits for
/// each exact context, and 9 KB for each column of the image.</remarks>
internal sealed class PlaneModel
{
    /// <summary>Histograms that are chosen by how costly the samples near by were.</summary>
    internal const int SecondHistograms = 3;

    /// <summary>The kinds of decisions on a sample.</summary>
    internal const int Decisions = 32;

    /// <summary>The sets of the mixer.</summary>
    internal const int Sets = 6;

    private const int Rate = 164;

    /// <summary>A model that has learned nothing.</summary>
    internal PlaneModel(int planesBefore, int width, int height, int bitDepth, ExpertMixer mixer,
        PlaneTaps? large = null, PlaneTaps? small = null)
    {
        PlanesBefore = planesBefore;
        Levels = ErrorScale.LevelsOf(bitDepth);
        Fixed = PixelPredictors.CountOf(planesBefore);
        Predictors = Fixed + SecondHistograms;
        int contexts = ContextSlots.CountOf(planesBefore);
        int ridge = 8;
        (LargeTaps, SmallTaps) = (large, small);
        Large = new LocalRegression(large?.Count ?? PlaneContext.LargeInputs(planesBefore), width, 55706, 52429, ridge);
        Small = new LocalRegression(small?.Count ?? PlaneContext.SmallInputs(planesBefore), width, 45875, 39322,
            ridge);
        Errors = new NeighbourErrors(Predictors, width);
        Histograms = new ResidualHistograms(Predictors + SecondHistograms, Levels);
        Contexts = new ExactContexts(contexts, ContextBits((long)width * height));
        Experts = new SampleExperts(Histograms, Contexts, Predictors + SecondHistograms, contexts);
        Mixer = mixer;
    }

    /// <summary>A mixer for planes of one kind, with the rows that <see cref="DecisionCoder"/> selects.</summary>
    internal static ExpertMixer MakeMixer(int planesBefore, int bitDepth, ReadOnlySpan<short> start) => new(
        InputsOf(planesBefore),
        [
            new(Decisions, 1, Decisions), new(8 * ErrorScale.LevelsOf(bitDepth), 1, 8),
            new(16 * Decisions, 16, Decisions), new(64 * 4, 1, 4),
            new(16 * Decisions, 16, Decisions), new(64 * Decisions, 64, Decisions),
        ],
        Rate, start);

    /// <summary>The number of experts on planes of one kind.</summary>
    internal static int InputsOf(int planesBefore) => SampleExperts.Count(
        PixelPredictors.CountOf(planesBefore) + (2 * SecondHistograms), ContextSlots.CountOf(planesBefore));

    /// <summary>The number of planes before, 2 at most.</summary>
    internal int PlanesBefore { get; }

    /// <summary>The levels of <see cref="ErrorScale"/> in use.</summary>
    internal int Levels { get; }

    /// <summary>The number of fixed predictors. After them come the two regressions, then the blend of all.</summary>
    internal int Fixed { get; }

    /// <summary>The number of all predictors.</summary>
    internal int Predictors { get; }

    /// <summary>The inputs of the large regression of video; null for images.</summary>
    internal PlaneTaps? LargeTaps { get; }

    /// <summary>The inputs of the small regression of video; null for images.</summary>
    internal PlaneTaps? SmallTaps { get; }

    internal LocalRegression Large { get; }

    internal LocalRegression Small { get; }

    internal NeighbourErrors Errors { get; }

    internal ResidualHistograms Histograms { get; }

    internal ExactContexts Contexts { get; }

    internal SampleExperts Experts { get; }

    internal ExpertMixer Mixer { get; }

    /// <summary>Forgets what is of one plane alone.</summary>
    /// <param name="kept">What stays of the sums of regressions, in 65,536ths.</param>
    internal void StartPlane(int kept = 0)
    {
        Errors.Reset();
        Large.Reset(kept);
        Small.Reset(kept);
    }

    // Half as many slots as there are samples, within limits.
    private static int ContextBits(long samples) => Math.Clamp((int)long.Log2(samples) - 1, 6, 16);
}
