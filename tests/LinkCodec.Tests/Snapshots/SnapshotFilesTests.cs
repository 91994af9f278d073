using LinkCodec.Core.Primitives;
using LinkCodec.Core.Snapshots;
using Xunit;

namespace LinkCodec.Tests.Snapshots;

public sealed class SnapshotFilesTests
{
    [Fact]
    [Spec("6.3-1")]
    public void Files_that_are_as_the_manifest_says_are_read()
    {
        SnapshotFiles files = SnapshotFiles.Open(MemorySource.Toy());
        files.Verify();
        Assert.Equal(new byte[] { 1, 2, 3 }, files.Read("model.bin").ToArray());
    }

    [Fact]
    public void A_path_that_the_manifest_does_not_name_is_the_callers_mistake() =>
        Assert.Throws<ArgumentException>(() => SnapshotFiles.Open(MemorySource.Toy()).Read("other"));

    [Fact]
    [Spec("6.3-1")]
    public void A_changed_byte_is_found_and_the_line_names_file_and_hashes()
    {
        MemorySource source = MemorySource.Toy();
        source.Files["model.bin"] = [1, 2, 4];
        LinkException e = Fails(LinkErrorCode.SnapshotAltered, () => SnapshotFiles.Open(source).Verify());
        Assert.StartsWith("memory/model.bin: expected the hash 1", Mask(e.Message), StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    [Spec("6.3-1")]
    public void Another_size_is_found_before_the_file_is_opened()
    {
        MemorySource source = MemorySource.Toy();
        source.Files["model.bin"] = [1, 2, 3, 4];
        LinkException e = Fails(LinkErrorCode.SnapshotAltered, () => SnapshotFiles.Open(source).Read("model.bin"));
        Assert.Equal("memory/model.bin: expected 3 bytes, found 4.", e.Message);
        Assert.DoesNotContain("model.bin", source.Opened);
    }

    [Fact]
    [Spec("6.3-1")]
    public void A_missing_file_is_not_found()
    {
        MemorySource source = MemorySource.Toy();
        source.Files.Remove("tables/a");
        LinkException e = Fails(LinkErrorCode.SnapshotNotFound, () => SnapshotFiles.Open(source).Verify());
        Assert.Equal("memory/tables/a: expected a file, found none.", e.Message);
        Fails(LinkErrorCode.SnapshotNotFound, () => SnapshotFiles.Open(new MemorySource()));
    }

    [Fact]
    [Spec("6.2-2")]
    public void Another_name_than_expected_is_refused()
    {
        MemorySource source = MemorySource.Toy();
        SnapshotName name = SnapshotFiles.Open(source).Manifest.Name;
        Assert.Equal(name, SnapshotFiles.Open(source, name).Manifest.Name);
        LinkException e = Fails(LinkErrorCode.SnapshotAltered,
            () => SnapshotFiles.Open(source, SnapshotName.Of("other"u8)));
        Assert.Contains(name.ToString(), e.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Spec("6.1-4")]
    public void An_overlong_manifest_is_refused_unopened()
    {
        MemorySource source = new();
        source.Files[SnapshotFiles.ManifestPath] = new byte[SnapshotLimits.ManifestBytes + 1];
        Fails(LinkErrorCode.LimitExceeded, () => SnapshotFiles.Open(source));
        Assert.Empty(source.Opened);
    }

    [Fact]
    [Spec("6.1-3")]
    public void A_newer_manifest_says_which_version_it_needs()
    {
        MemorySource source = MemorySource.Toy();
        source.Files[SnapshotFiles.ManifestPath][2] = 2;
        LinkException e = Fails(LinkErrorCode.SnapshotTooNew, () => SnapshotFiles.Open(source));
        Assert.Equal("memory/manifest.msgpack: the manifest needs version 2 of the format, this is version 1.",
            e.Message);
    }

    [Fact]
    public void Bytes_that_are_no_manifest_are_no_snapshot()
    {
        MemorySource source = new();
        source.Files[SnapshotFiles.ManifestPath] = [0xc1];
        Fails(LinkErrorCode.SnapshotNotFound, () => SnapshotFiles.Open(source));
    }

    private static string Mask(string message) =>
        System.Text.RegularExpressions.Regex.Replace(message, "[0-9a-f]{64}", "1");

    private static LinkException Fails(LinkErrorCode code, Action action)
    {
        LinkException e = Assert.Throws<LinkException>(action);
        Assert.Equal(code, e.Code);
        return e;
    }
}
