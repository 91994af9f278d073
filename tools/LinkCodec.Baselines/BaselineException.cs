namespace LinkCodec.Baselines;

/// <summary>A baseline failed, or did not give a message back as it was.</summary>
internal sealed class BaselineException(string message) : Exception(message);
