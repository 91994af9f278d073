using LinkCodec.Core.Security;

namespace LinkCodec.Core.Session.Handshake;

/// <summary>
/// The key of a resumed session's early segments: those that the initiator sends before it was answered.
/// </summary>
/// <remarks>
/// Spec: protocol-spec/02-handshake.md, section 2.8. Owns its key until it is taken. Not thread-safe.
/// </remarks>
internal sealed class EarlyKeys : IDisposable
{
    private CipherState? _cipher;

    internal EarlyKeys(HandshakeState handshake, ResumptionSecret secret) =>
        (_cipher, Tag) = (handshake.EarlyKey(secret.Span), secret.Tag);

    /// <summary>Whether the key is there: it was neither taken nor erased.</summary>
    public bool IsThere => _cipher is not null;

    /// <summary>The tag of the segments, 0 to 127.</summary>
    public byte Tag { get; }

    /// <summary>The sealer of the initiator's early segments; the caller disposes it.</summary>
    /// <exception cref="InvalidOperationException">The key was taken.</exception>
    public SegmentSealer CreateSealer() => new(Take(), Tag, firstCounter: 0);

    /// <summary>Has an opener open early segments too; it owns the key from then on. Does nothing where the key was
    /// taken, or the secret behind it is spent.</summary>
    public void AddTo(SegmentOpener opener)
    {
        if (_cipher is not null)
        {
            opener.AddEarly(Take(), Tag);
        }
    }

    /// <summary>Whether a datagram is a segment under the key. Changes nothing.</summary>
    internal bool Opens(ReadOnlySpan<byte> datagram) => EstablishedKeys.Opens(_cipher, Tag, datagram);

    /// <summary>Erases the key, if it was not taken.</summary>
    public void Dispose()
    {
        _cipher?.Dispose();
        _cipher = null;
    }

    private CipherState Take()
    {
        CipherState taken = _cipher ?? throw new InvalidOperationException("The early key was taken.");
        _cipher = null;
        return taken;
    }
}
