using System.Diagnostics.CodeAnalysis;
using LinkCodec.Core.Session;
using LinkCodec.Core.Session.Handshake;

namespace LinkCodec.Core.Endpoint;

/// <summary>
/// Keys that a handshake was made for. They count only once a segment opens under them: the handshake may be a replay
/// (spec 2.5-3).
/// </summary>
/// <remarks>
/// The number of candidates is bounded; they are keys alone, so that many cost little. A segment's tag leaves one or
/// two of them to be tried.
/// </remarks>
internal sealed class SessionCandidates(int capacity) : IDisposable
{
    private readonly List<EstablishedKeys> _keys = []; // The oldest first.

    /// <summary>Keeps keys, and owns them; forgets the oldest beyond the capacity.</summary>
    public void Add(EstablishedKeys keys)
    {
        Remove(keys);
        if (_keys.Count == capacity)
        {
            _keys[0].Dispose();
            _keys.RemoveAt(0);
        }

        _keys.Add(keys);
    }

    /// <summary>
    /// Whether a datagram is a segment under some of the keys; the caller owns them then, and the others stay.
    /// </summary>
    public bool TryTake(ReadOnlySpan<byte> datagram, [NotNullWhen(true)] out EstablishedKeys? keys)
    {
        keys = null;
        foreach (EstablishedKeys candidate in _keys)
        {
            if (candidate.Opens(datagram))
            {
                keys = candidate;
                break;
            }
        }

        return keys is not null && _keys.Remove(keys);
    }

    /// <summary>Opens no early segments any more that rest on secrets which are gone.</summary>
    public void DropEarly(Func<ulong, bool> isGone)
    {
        foreach (EstablishedKeys candidate in _keys.Where(keys => keys.Early is { IsThere: true }))
        {
            if (isGone(candidate.ResumptionId))
            {
                candidate.Early!.Dispose();
            }
        }
    }

    /// <summary>Forgets all candidates.</summary>
    public void Dispose()
    {
        _keys.ForEach(keys => keys.Dispose());
        _keys.Clear();
    }

    // A responder that forgot an Initiate makes its keys again: two sessions under the same keys would seal under the
    // same nonces.
    private void Remove(EstablishedKeys keys)
    {
        int same = _keys.FindIndex(k => k.HandshakeHash.SequenceEqual(keys.HandshakeHash));
        if (same >= 0)
        {
            _keys[same].Dispose();
            _keys.RemoveAt(same);
        }
    }
}
