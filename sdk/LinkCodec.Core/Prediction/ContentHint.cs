namespace LinkCodec.Core.Prediction;

/// <summary>
/// The kind of content that the sender's application says its messages are. The hint may speed the right prediction up;
/// any content may be sent under any hint.
/// </summary>
public enum ContentHint
{
    /// <summary>The application says nothing; the predictor sees for itself.</summary>
    Auto,

    /// <summary>Natural language.</summary>
    Prose,

    /// <summary>JSON documents or lines.</summary>
    Json,

    /// <summary>Rows of separated values.</summary>
    Csv,

    /// <summary>Lines of a program's log.</summary>
    Log,

    /// <summary>NMEA 0183 sentences, AIS among them.</summary>
    Nmea,

    /// <summary>Coded weather reports: METAR, TAF, SYNOP.</summary>
    Weather,

    /// <summary>Orbital elements.</summary>
    Orbit,

    /// <summary>Records that are not text.</summary>
    Binary,

    /// <summary>E-mail with its headers.</summary>
    Mail,

    /// <summary>
    /// Content that is compressed or encrypted already: it travels as it is, and no prediction is spent on it.
    /// </summary>
    Compressed,
}
