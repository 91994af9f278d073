namespace LinkCodec.Core.Media;

/// <summary>A plane that is coded, and what is known around it.</summary>
internal sealed class PlaneScene
{
    /// <summary>The plane itself.</summary>
    internal required PaddedPlane Own { get; init; }

    /// <summary>The plane that says most about it; null where there is none.</summary>
    internal PaddedPlane? Near { get; init; }

    /// <summary>Another such plane; null where there is none.</summary>
    internal PaddedPlane? Far { get; init; }

    /// <summary>One more plane for regressions alone.</summary>
    internal PaddedPlane? Third { get; init; }

    /// <summary>The last of these.</summary>
    internal PaddedPlane? Fourth { get; init; }

    /// <summary>What its samples cost.</summary>
    internal required PlaneCosts Costs { get; init; }

    /// <summary>What the samples at the same places cost elsewhere; null where nobody knows.</summary>
    internal PlaneCosts? NearCosts { get; init; }

    /// <summary>The planes as predictors take them.</summary>
    internal PlaneContext ToContext() => new(Own.Samples, Near is null ? [] : Near.Samples,
        Far is null ? [] : Far.Samples, Own.Stride, Third is null ? [] : Third.Samples,
        Fourth is null ? [] : Fourth.Samples);
}
