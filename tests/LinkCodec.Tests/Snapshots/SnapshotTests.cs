using System.Text.Json;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Snapshots;
using Xunit;

namespace LinkCodec.Tests.Snapshots;

public sealed class SnapshotTests
{
    [Fact]
    [Spec("6.4-1")]
    public void Fingerprints_are_those_of_the_reference()
    {
        foreach (JsonElement vector in SnapshotVectors.ToyFingerprints)
        {
            Assert.True(NumericFingerprint.TryCompute(new ToyPredictor(), vector.GetProperty("bits").GetInt32(), vector.Bytes("probe"), out NumericFingerprint found));
            Assert.Equal(vector.GetProperty("fingerprint").GetString(), found.ToString());
        }
    }

    [Fact]
    [Spec("6.4-2")]
    public void A_predictor_that_looks_at_its_lane_is_refused()
    {
        ToyPredictor predictor = new(leaksLane: true);
        LinkException e = Assert.Throws<LinkException>(() => Snapshot.Load(SnapshotFiles.Open(MemorySource.Toy()), _ => predictor));
        Assert.Equal(LinkErrorCode.NumericsMismatch, e.Code);
        Assert.True(predictor.Disposed);
    }

    [Fact]
    [Spec("6.4-2")]
    public void A_machine_that_computes_otherwise_is_refused()
    {
        ToyPredictor predictor = new(drift: 1);
        LinkException e = Assert.Throws<LinkException>(() => Snapshot.Load(SnapshotFiles.Open(MemorySource.Toy()), _ => predictor));
        Assert.Equal(LinkErrorCode.NumericsMismatch, e.Code);
        Assert.Contains(MemorySource.Fingerprint.ToString(), e.Message, StringComparison.Ordinal);
        Assert.True(predictor.Disposed);
    }

    [Fact]
    public void A_predictor_with_other_bits_than_the_manifest_is_refused()
    {
        LinkException e = Assert.Throws<LinkException>(() => Snapshot.Load(SnapshotFiles.Open(MemorySource.Toy()), _ => new ToyPredictor(bits: 20)));
        Assert.Equal(LinkErrorCode.SnapshotAltered, e.Code);
    }

    [Fact]
    [Spec("6.4-2")]
    public void A_machine_that_computes_the_same_loads_it_and_disposes_of_it()
    {
        ToyPredictor predictor = new();
        using (Snapshot snapshot = Snapshot.Load(SnapshotFiles.Open(MemorySource.Toy()), files =>
        {
            files.Verify();
            return predictor;
        }))
        {
            Assert.Equal(MemorySource.Fingerprint, snapshot.Fingerprint);
            Assert.Equal(new SnapshotIds(snapshot.Name.ShortId, snapshot.Fingerprint.ShortId), snapshot.Ids);
            Assert.False(predictor.Disposed);
        }

        Assert.True(predictor.Disposed);
    }

    [Fact]
    [Spec("6.5-1")]
    public void An_offer_is_the_first_four_bytes_of_name_and_fingerprint()
    {
        using Snapshot snapshot = Toy();
        byte[] bytes = new byte[SnapshotIds.Size];
        snapshot.Ids.Write(bytes);
        string expected = snapshot.Name.ToString()[..8] + snapshot.Fingerprint.ToString()[..8];
        Assert.Equal(expected, Convert.ToHexStringLower(bytes));
        Assert.True(SnapshotIds.TryRead(bytes, out SnapshotIds read));
        Assert.Equal(snapshot.Ids, read);
        Assert.False(SnapshotIds.TryRead(bytes.AsSpan(1), out _));
    }

    [Fact]
    [Spec("6.5-2")]
    public void The_choice_is_the_one_liked_best_that_the_peer_computes_alike()
    {
        using Snapshot toy = Toy();
        using Snapshot free = Snapshot.WithoutFiles(new ToyPredictor());
        Assert.Equal(LinkErrorCode.None, SnapshotChoice.Pick([toy, free], [free.Ids, toy.Ids], out Snapshot? best));
        Assert.Same(toy, best);
        SnapshotIds otherNumerics = toy.Ids with { FingerprintId = ~toy.Ids.FingerprintId };
        Assert.Equal(LinkErrorCode.None, SnapshotChoice.Pick([toy, free], [otherNumerics, free.Ids], out best));
        Assert.Same(free, best);
        Assert.Equal(LinkErrorCode.NumericsMismatch, SnapshotChoice.Pick([toy, free], [otherNumerics], out best));
        Assert.Null(best);
        Assert.Equal(LinkErrorCode.SnapshotMismatch, SnapshotChoice.Pick([toy], [free.Ids], out best));
        Assert.Equal(LinkErrorCode.SnapshotMismatch, SnapshotChoice.Pick([toy], [], out best));
    }

    [Fact]
    [Spec("6.5-3")]
    public void Without_files_name_fingerprint_and_offer_are_zero()
    {
        using Snapshot free = Snapshot.WithoutFiles(new ToyPredictor());
        byte[] zeros = new byte[32];
        Assert.Equal(new SnapshotName(zeros), free.Name);
        Assert.True(free.Name.IsNone);
        Assert.Equal(new NumericFingerprint(zeros), free.Fingerprint);
        Assert.Equal(SnapshotIds.None, free.Ids);
    }

    private static Snapshot Toy() => Snapshot.Load(SnapshotFiles.Open(MemorySource.Toy()), _ => new ToyPredictor());
}
