using LinkCodec.Core.Session;

namespace LinkCodec.Transport;

/// <summary>Hears of the handshakes that gave no session, one call after the other. Strangers can cause each of them as often as they like.</summary>
public interface IAcceptObserver
{
    /// <summary>A peer was refused; what it asked for is not proven.</summary>
    void OnRefused(HandshakeFailure failure);

    /// <summary>A handshake came that fits neither the keys nor the kind of this link.</summary>
    void OnMisfit();

    /// <summary>A peer with the right keys asked for another session while the one that runs is alive; it was told so.</summary>
    void OnBusy();
}
