namespace LinkCodec.Core.Security;

/// <summary>One step of a Noise message (revision 34, sections 5.3 and 9.2).</summary>
internal enum NoiseToken
{
    /// <summary>An ephemeral public key, in the clear.</summary>
    E,

    /// <summary>A static public key, sealed once there is a key.</summary>
    S,

    /// <summary>Both ephemeral keys agree.</summary>
    EE,

    /// <summary>The initiator's ephemeral and the responder's static key agree.</summary>
    ES,

    /// <summary>The initiator's static and the responder's ephemeral key agree.</summary>
    SE,

    /// <summary>Both static keys agree.</summary>
    SS,

    /// <summary>The key that both sides were given beforehand is mixed in.</summary>
    Psk,
}
