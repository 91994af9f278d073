namespace LinkCodec.Core.Session.Handshake;

/// <summary>
/// The end of a handshake: <see cref="EstablishedKeys"/> or <see cref="HandshakeFailure"/>, nothing else.
/// </summary>
internal abstract class HandshakeOutcome
{
    private protected HandshakeOutcome()
    {
    }
}
