namespace LinkCodec.Core.ContextMixing;

/// <summary>The rates at which training moves what is fixed afterwards.</summary>
internal sealed class TrainingRates
{
    /// <summary>The shift that sets how far each event moves a map's entry: by 1/2^shift of the way.</summary>
    internal int MapShift { get; set; } = 6;

    /// <summary>The weights' rate over the profile's own, in quarters.</summary>
    internal int RateQuarters { get; set; } = 4;

    /// <summary>The final weights' rate.</summary>
    internal int FinalRate { get; set; } = 12;
}
