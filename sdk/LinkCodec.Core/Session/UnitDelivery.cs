namespace LinkCodec.Core.Session;

/// <summary>The promise that a session gives for the units that it sends.</summary>
public enum UnitDelivery
{
    /// <summary>Each unit is sent until the peer has reported it.</summary>
    Reliable,

    /// <summary>Each unit is sent once and forgotten.</summary>
    Once,
}
