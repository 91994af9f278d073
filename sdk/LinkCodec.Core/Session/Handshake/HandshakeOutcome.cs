namespace LinkCodec.Core.Session.Handshake;

/// <summary>
/// How a handshake ended: <see cref="EstablishedKeys"/> or <see cref="HandshakeFailure"/>, nothing else.
/// </summary>
internal abstract class HandshakeOutcome
{
    private protected HandshakeOutcome()
    {
    }
}
