using LinkCodec.Baselines;

namespace LinkCodec.Tool.Comparison;

/// <summary>A coder of images or sounds over one file, as a baseline over the file's plain form.</summary>
internal sealed class MediaPeerCodec(MediaPeer peer, MediaInput input) : IBaselineCodec
{
    public string Name => peer.Name;

    public bool WholeFilesOnly => true;

    public byte[] Compress(ReadOnlySpan<byte> message) =>
        peer.Compress(input.ForPeers, Math.Min(input.Samples.Width, input.Samples.Height));

    public byte[] DecompressUpTo(ReadOnlySpan<byte> coded, int maxLength)
    {
        byte[] plain = input.ToPlain(peer.Decompress(coded.ToArray(), input.Samples.BitDepth));
        return plain.Length <= maxLength ? plain : throw new BaselineException($"{Name}: the file is longer");
    }

    public void Dispose()
    {
    }
}
