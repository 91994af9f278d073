namespace LinkCodec.Core.Media;

/// <summary>What a sample's weights are chosen by.</summary>
internal readonly struct Situation
{
    /// <summary>The blended prediction, rounded down, below the largest value.</summary>
    internal int Centre { get; init; }

    /// <summary>The logarithm of the step between thresholds.</summary>
    internal int Shift { get; init; }

    /// <summary>The level of the blend's local error.</summary>
    internal int BlendLevel { get; init; }

    /// <summary>The same in 16 levels.</summary>
    internal int CoarseLevel { get; init; }

    /// <summary>How costly the samples near by were, in 16 levels.</summary>
    internal int CostLevel { get; init; }

    /// <summary>How costly the same sample of the plane before was, in 4 levels.</summary>
    internal int NearLevel { get; init; }

    /// <summary>Whether row and column are odd: 0 to 3.</summary>
    internal int Phase { get; init; }

    /// <summary>What the first three exact contexts know, 0 to 63.</summary>
    internal int Confidence { get; init; }
}
