namespace LinkCodec.Core.Media;

/// <summary>All that planes of one kind teach the fast coder.</summary>
internal sealed class FastModel
{
    /// <summary>Kinds of decisions; <see cref="FastSample"/> says which.</summary>
    internal const int Decisions = 41;

    /// <summary>The signed sizes of a difference.</summary>
    internal const int Sizes = 9;

    private const int Situations = 32;

    private const int Patterns = 64;

    internal FastModel(int planesBefore, int width, int bitDepth)
    {
        PlanesBefore = planesBefore;
        Grades = ErrorScale.LevelsOf(bitDepth);
        Fixed = PredictorsOf(planesBefore).Length;
        Filter = new NeighbourFilter(planesBefore, bitDepth);
        Errors = new NeighbourErrors(Fixed + 2, width);
        int coarse = CoarseLevels;
        Mixer = new CounterMixer(Decisions, [8 * Levels, Sizes * Sizes * coarse, Sizes * Sizes * coarse,
            Sizes * Sizes * coarse, 16 * Levels, Patterns * coarse], Levels, Situations); // spec 13.8-5
    }

    /// <summary>The planes that the planes of this kind see beside their own.</summary>
    internal int PlanesBefore { get; }

    /// <summary>The levels of <see cref="ErrorScale"/>.</summary>
    internal int Grades { get; }

    /// <summary>The levels of errors that are told apart: two of those are one.</summary>
    internal int Levels => (Grades + 1) / 2;

    /// <summary>The levels of contexts that know more than a level.</summary>
    internal int CoarseLevels => (Levels + 1) / 2;

    /// <summary>The number of fixed predictions; those of the filter and of the blend come after them.</summary>
    internal int Fixed { get; }

    internal NeighbourFilter Filter { get; }

    internal NeighbourErrors Errors { get; }

    internal CounterMixer Mixer { get; }

    /// <summary>Which of the fixed predictors of images planes of a kind take: 13 at most.</summary>
    internal static ReadOnlySpan<byte> PredictorsOf(int planesBefore) => planesBefore switch // spec 13.8-2
    {
        0 => [0, 1, 2, 3, 5, 6, 9, 11, 12],
        1 => [0, 3, 4, 5, 7, 8, 13, 14],
        _ => [0, 3, 4, 5, 7, 8, 13, 14, 15, 16, 17, 21],
    };

    /// <summary>Starts another plane of this kind.</summary>
    internal void StartPlane() => Errors.Reset();
}
