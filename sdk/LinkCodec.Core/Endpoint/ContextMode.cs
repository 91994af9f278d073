namespace LinkCodec.Core.Endpoint;

/// <summary>What a sender lets its messages start from beside the snapshot.</summary>
public enum ContextMode
{
    /// <summary>
    /// From the messages that the other end has acknowledged, where delivery is reliable and the predictor learns from
    /// them; from nothing elsewhere. Costs no loss: whatever is lost or late, each segment decodes when what it needs
    /// has long been there.
    /// </summary>
    Acknowledged,

    /// <summary>From nothing: every message is coded as if it were the first.</summary>
    None,

    /// <summary>
    /// From all messages before it, as if each were acknowledged once it is written. For <c>file:</c> links alone:
    /// messages are coded one after the other, and damage to one loses all that follow.
    /// </summary>
    Chained,
}
