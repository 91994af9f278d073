using System.Text.Json;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Snapshots;
using Xunit;

namespace LinkCodec.Tests.Snapshots;

public sealed class SnapshotManifestTests
{
    [Fact]
    [Spec("6.2-1")]
    public void Valid_vectors_are_read_and_have_their_names()
    {
        foreach (JsonElement vector in SnapshotVectors.Valid)
        {
            Assert.True(SnapshotManifest.TryRead(vector.Bytes("manifest"), out SnapshotManifest? manifest,
                out LinkErrorCode error), vector.ToString());
            Assert.Equal(LinkErrorCode.None, error);
            Assert.Equal(vector.GetProperty("name").GetString(), manifest.Name.ToString());
            Assert.Equal(vector.GetProperty("short_id").GetString(), manifest.Name.ShortId.ToString("x8", null));
        }
    }

    [Fact]
    [Spec("6.1-1")]
    [Spec("6.1-2")]
    public void A_manifest_written_again_has_the_same_bytes()
    {
        foreach (JsonElement vector in SnapshotVectors.Valid)
        {
            Assert.True(
                SnapshotManifest.TryRead(vector.Bytes("manifest"), out SnapshotManifest? read, out LinkErrorCode _));
            SnapshotManifest written = new(read.Family, read.Label, read.FrequencyBits, read.Files.Reverse(),
                read.Probe.Span, read.Fingerprint, read.Networks);
            Assert.Equal(vector.Bytes("manifest"), written.Bytes.ToArray());
            Assert.Equal(read.Name, written.Name);
        }
    }

    [Fact]
    [Spec("6.1-1")]
    [Spec("6.1-2")]
    [Spec("6.1-3")]
    [Spec("6.1-4")]
    [Spec("6.1-5")]
    [Spec("6.1-6")]
    [Spec("6.1-7")]
    public void Each_broken_rule_is_refused_with_its_error()
    {
        foreach (JsonElement vector in SnapshotVectors.MustReject)
        {
            bool read = SnapshotManifest.TryRead(vector.Bytes("manifest"), out SnapshotManifest? manifest,
                out LinkErrorCode error);
            string what = vector.GetProperty("what").GetString()!;
            Assert.False(read, what);
            Assert.Null(manifest);
            Assert.Equal($"{what}: {vector.GetProperty("error").GetString()}", $"{what}: {error}");
        }
    }

    [Fact]
    [Spec("6.1-1")]
    public void Every_cut_is_refused_and_every_flipped_bit_is_refused_or_gives_another_name()
    {
        byte[] good = SnapshotVectors.Valid.First().Bytes("manifest");
        SnapshotName name = SnapshotName.Of(good);
        for (int i = 0; i < good.Length; i++)
        {
            Assert.False(SnapshotManifest.TryRead(good.AsSpan(0, i), out SnapshotManifest? _, out LinkErrorCode _));
            for (int bit = 0; bit < 8; bit++)
            {
                byte[] flipped = [.. good];
                flipped[i] ^= (byte)(1 << bit);
                if (SnapshotManifest.TryRead(flipped, out SnapshotManifest? other, out LinkErrorCode _))
                {
                    Assert.NotEqual(name, other.Name);
                    Assert.Equal(flipped, other.Bytes.ToArray());
                }
            }
        }
    }

    [Fact]
    public void A_manifest_that_breaks_the_spec_cannot_be_made()
    {
        SnapshotFile upwards = new("../x", 1, new byte[32]);
        SnapshotFile fine = new("x", 1, new byte[32]);
        Assert.Throws<ArgumentException>(() => Make("label", upwards));
        Assert.Throws<ArgumentException>(() => Make("label", fine, fine));
        Assert.Throws<ArgumentException>(() => Make("label"));
        Assert.Throws<ArgumentException>(() => Make(new string('x', 65), fine));
    }

    [Fact]
    public void A_name_is_parsed_from_its_text_and_nothing_else()
    {
        SnapshotName name = SnapshotName.Of("x"u8);
        Assert.True(SnapshotName.TryParse(name.ToString(), out SnapshotName parsed));
        Assert.Equal(name, parsed);
        Assert.True(SnapshotName.TryParse(name.ToString().ToUpperInvariant(), out parsed));
        Assert.Equal(name, parsed);
        Assert.False(SnapshotName.TryParse(name.ToString()[1..], out _));
        Assert.False(SnapshotName.TryParse(new string('g', 64), out _));
        Assert.False(SnapshotName.TryParse(null, out _));
    }

    [Fact]
    public void A_manifest_of_one_network_has_no_other_number_of_them()
    {
        SnapshotFile[] files = [new("x", 1, new byte[32])];
        ByteNetworkShape shape = new(1, 1, 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => Of(SnapshotManifest.BytesFamily, 18));
        Assert.Throws<ArgumentOutOfRangeException>(() => Of(SnapshotManifest.BytesFamily, 18, shape, shape));
        Assert.Throws<ArgumentException>(() => Of(SnapshotManifest.MixedFamily, 18, shape));
        Assert.Throws<ArgumentException>(() => Of(SnapshotManifest.MixedFamily, 16, [.. Enumerable.Repeat(shape, 9)]));
        Assert.Throws<ArgumentException>(() => Of("pixels", 18, shape));
        Assert.Empty(Of(SnapshotManifest.MixedFamily, 16).Networks);
        Assert.Equal([shape, shape], Of(SnapshotManifest.MixedFamily, 16, shape, shape).Networks);

        SnapshotManifest Of(string family, int bits, params ByteNetworkShape[] networks) =>
            new(family, "label", bits, files, [], NumericFingerprint.None, networks);
    }

    private static SnapshotManifest Make(string label, params SnapshotFile[] files) =>
        new(SnapshotManifest.BytesFamily, label, 18, files, [], NumericFingerprint.None,
            [new ByteNetworkShape(1, 1, 1)]);
}
