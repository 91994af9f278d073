using LinkCodec.Baselines;
using Xunit;

namespace LinkCodec.Tests.Tool;

/// <summary>
/// A test of a coder of images or sounds that others ship; skipped, and said so, where its commands are absent.
/// </summary>
public sealed class PeerFactAttribute : FactAttribute
{
    public PeerFactAttribute(string peer)
    {
        if (Find(peer).FindReason() is { } reason)
        {
            Skip = $"{peer} was not tested: {reason}";
        }
    }

    internal static MediaPeer Find(string peer) =>
        MediaPeers.Images.Concat(MediaPeers.Sounds).Single(one => one.Name == peer);
}
