namespace LinkCodec.Core.Endpoint;

/// <summary>The contexts that a sender lets its messages start from beside the snapshot.</summary>
public enum ContextMode
{
    /// <summary>
    /// Messages start from those that the other end has acknowledged, where delivery is reliable and the predictor
    /// learns from them; from nothing elsewhere. This costs no loss: whatever is lost or late, each segment decodes
    /// when what it needs has long been there.
    /// </summary>
    Acknowledged,

    /// <summary>Messages start from nothing: every one is coded as if it were the first.</summary>
    None,

    /// <summary>
    /// Messages start from all before them, as if each were acknowledged once it is written. For <c>file:</c> links
    /// alone: messages are coded one after the other, and damage to one loses all that follow.
    /// </summary>
    Chained,
}
