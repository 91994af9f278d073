namespace LinkCodec.Peers;

/// <summary>A peer failed, or did not give a message back as it was.</summary>
internal sealed class PeerException(string message) : Exception(message);
