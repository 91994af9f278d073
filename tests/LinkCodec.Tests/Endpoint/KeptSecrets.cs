using LinkCodec.Core.Session.Handshake;
using NSec.Cryptography;

namespace LinkCodec.Tests.Endpoint;

/// <summary>Resumption secrets in memory: what a receiver's state folder is to a listener.</summary>
internal sealed class KeptSecrets : IResumptions
{
    private readonly Dictionary<ulong, (PublicKey Peer, byte[] Secret)> _kept = [];

    public int Count => _kept.Count;

    public int Found { get; private set; }

    public void Keep(PublicKey peer, ResumptionSecret secret) => _kept[secret.Id] = (peer, secret.Span.ToArray());

    public ResumptionSecret? Find(ulong id, PublicKey initiator)
    {
        bool isThere = _kept.TryGetValue(id, out (PublicKey Peer, byte[] Secret) kept) && kept.Peer.Equals(initiator);
        Found += isThere ? 1 : 0;
        return isThere ? new ResumptionSecret(kept.Secret) : null;
    }

    public bool Holds(ulong id) => _kept.ContainsKey(id);

    public void Spend(ulong id) => _kept.Remove(id);
}
