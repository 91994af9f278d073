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
            Assert.Equal(new SnapshotOffer(snapshot.Name.ShortId, snapshot.Fingerprint.ShortId), snapshot.Offer);
            Assert.False(predictor.Disposed);
        }

        Assert.True(predictor.Disposed);
    }

    [Fact]
    [Spec("6.5-1")]
    public void An_offer_is_the_first_four_bytes_of_name_and_fingerprint()
    {
        using Snapshot snapshot = Toy();
        byte[] bytes = new byte[SnapshotOffer.Size];
        snapshot.Offer.Write(bytes);
        string expected = snapshot.Name.ToString()[..8] + snapshot.Fingerprint.ToString()[..8];
        Assert.Equal(expected, Convert.ToHexStringLower(bytes));
        Assert.True(SnapshotOffer.TryRead(bytes, out SnapshotOffer read));
        Assert.Equal(snapshot.Offer, read);
        Assert.False(SnapshotOffer.TryRead(bytes.AsSpan(1), out _));
    }

    [Fact]
    [Spec("6.5-2")]
    public void The_choice_is_the_one_liked_best_that_the_peer_computes_alike()
    {
        using Snapshot toy = Toy();
        using Snapshot free = Snapshot.WithoutFiles(new ToyPredictor());
        Assert.Equal(LinkErrorCode.None, SnapshotChoice.Pick([toy, free], [free.Offer, toy.Offer], out Snapshot? best));
        Assert.Same(toy, best);
        SnapshotOffer otherNumerics = toy.Offer with { FingerprintId = ~toy.Offer.FingerprintId };
        Assert.Equal(LinkErrorCode.None, SnapshotChoice.Pick([toy, free], [otherNumerics, free.Offer], out best));
        Assert.Same(free, best);
        Assert.Equal(LinkErrorCode.NumericsMismatch, SnapshotChoice.Pick([toy, free], [otherNumerics], out best));
        Assert.Null(best);
        Assert.Equal(LinkErrorCode.SnapshotMismatch, SnapshotChoice.Pick([toy], [free.Offer], out best));
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
        Assert.Equal(SnapshotOffer.None, free.Offer);
    }

    private static Snapshot Toy() => Snapshot.Load(SnapshotFiles.Open(MemorySource.Toy()), _ => new ToyPredictor());
}
