namespace LinkCodec.Core.Session.Handshake;

/// <summary>
/// The patterns of handshakes, by who knows which key beforehand; numbered as on the wire
/// (protocol-spec/02-handshake.md, section 2.1).
/// </summary>
public enum HandshakePattern
{
    /// <summary>Both sides know the other's static key.</summary>
    KK = 0,

    /// <summary>
    /// The pattern <see cref="KK"/> with a pre-shared key of 32 bytes besides: the normal case, safe even where X25519
    /// is not.
    /// </summary>
    KKpsk0 = 1,

    /// <summary>The initiator knows the responder's static key and sends its own, sealed.</summary>
    IK = 2,

    /// <summary>Neither knows the other's key; both send theirs, sealed; three datagrams.</summary>
    XX = 3,

    /// <summary>No static keys: a pre-shared key of 32 bytes alone.</summary>
    NNpsk0 = 4,

    /// <summary>The pattern for links with no return channel: one way, both static keys are known beforehand.</summary>
    K = 5,

    /// <summary>The pattern <see cref="K"/> with a pre-shared key of 32 bytes besides.</summary>
    Kpsk0 = 6,
}
