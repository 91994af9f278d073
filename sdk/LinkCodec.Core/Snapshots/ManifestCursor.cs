using System.Buffers;
using LinkCodec.Core.Primitives;
using MessagePack;

namespace LinkCodec.Core.Snapshots;

/// <summary>Reads a manifest's values and checks their types and limits before it takes memory.</summary>
internal ref struct ManifestCursor(ReadOnlyMemory<byte> bytes)
{
    private MessagePackReader _reader = new(bytes);

    public int Map() => _reader.ReadMapHeader();

    public int Array() => _reader.ReadArrayHeader();

    public void Array(int count) => Require(Array() == count, $"has an array of other than {count} values");

    public void Key(int key) => Require(Number() == (ulong)key, $"lacks key {key} at its place"); // spec 6.1-1

    public ulong Number() => _reader.ReadUInt64();

    public string Text(int most, string what)
    {
        Require(_reader.NextMessagePackType == MessagePackType.String, $"has no text for its {what}");
        ReadOnlySpan<byte> utf8 = Checked(_reader.ReadStringSequence(), most, what);
        return System.Text.Encoding.UTF8.GetString(utf8);
    }

    public byte[] Bytes(int most, string what)
    {
        Require(_reader.NextMessagePackType == MessagePackType.Binary, $"has no binary for its {what}");
        return Checked(_reader.ReadBytes(), most, what).ToArray();
    }

    public byte[] Digest()
    {
        byte[] digest = Bytes(SnapshotLimits.ManifestBytes, "hash");
        Require(digest.Length == Snapshots.Digest.Size,
            $"has a hash of {digest.Length} bytes, expected {Snapshots.Digest.Size}");
        return digest;
    }

    public void End() => Require(_reader.End, "is followed by more bytes"); // spec 6.1-1

    // The manifest lies in one piece of memory, so every value does.
    private static ReadOnlySpan<byte> Checked(ReadOnlySequence<byte>? value, int most, string what)
    {
        ReadOnlySpan<byte> bytes = value.GetValueOrDefault().FirstSpan;
        // spec 6.1-4
        return bytes.Length <= most
            ? bytes
            : throw new ManifestFaultException(new ManifestFault(LinkErrorCode.LimitExceeded,
                $"has a {what} of {bytes.Length} bytes, at most {most} are allowed"));
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new ManifestFaultException(new ManifestFault(LinkErrorCode.Malformed, otherwise));
        }
    }
}
