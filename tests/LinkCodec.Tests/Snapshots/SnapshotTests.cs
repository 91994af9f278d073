using System.Text.Json;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using LinkCodec.Core.Session.Handshake;
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
            Assert.True(NumericFingerprint.TryCompute(new ToyPredictor(), vector.GetProperty("bits").GetInt32(),
                vector.Bytes("probe"), out NumericFingerprint found));
            Assert.Equal(vector.GetProperty("fingerprint").GetString(), found.ToString());
        }
    }

    [Fact]
    [Spec("6.4-3")]
    public void Fingerprints_over_decisions_are_those_of_the_reference()
    {
        using ToyBitPredictor predictor = new();
        foreach (JsonElement vector in SnapshotVectors.ToyDecisionFingerprints)
        {
            Assert.True(NumericFingerprint.TryCompute(predictor, predictor.FrequencyBits, vector.Bytes("probe"),
                out NumericFingerprint found));
            Assert.Equal(vector.GetProperty("fingerprint").GetString(), found.ToString());
        }
    }

    [Fact]
    [Spec("6.4-2")]
    public void A_predictor_that_looks_at_its_lane_is_refused()
    {
        ToyPredictor predictor = new(leaksLane: true);
        LinkException e =
            Assert.Throws<LinkException>(() => Snapshot.Load(SnapshotFiles.Open(MemorySource.Toy()), _ => predictor));
        Assert.Equal(LinkErrorCode.NumericsMismatch, e.Code);
        Assert.True(predictor.Disposed);
    }

    [Fact]
    [Spec("6.4-2")]
    public void A_machine_that_computes_otherwise_is_refused()
    {
        ToyPredictor predictor = new(drift: 1);
        LinkException e =
            Assert.Throws<LinkException>(() => Snapshot.Load(SnapshotFiles.Open(MemorySource.Toy()), _ => predictor));
        Assert.Equal(LinkErrorCode.NumericsMismatch, e.Code);
        Assert.Contains(MemorySource.Fingerprint.ToString(), e.Message, StringComparison.Ordinal);
        Assert.True(predictor.Disposed);
    }

    [Fact]
    public void A_predictor_with_other_bits_than_the_manifest_is_refused()
    {
        LinkException e = Assert.Throws<LinkException>(
            () => Snapshot.Load(SnapshotFiles.Open(MemorySource.Toy()), _ => new ToyPredictor(bits: 20)));
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
            Assert.False(predictor.Disposed);
        }

        Assert.True(predictor.Disposed);
    }

    [Fact]
    [Spec("6.5-1")]
    public void An_offer_is_the_first_four_bytes_of_name_and_fingerprint()
    {
        using Snapshot snapshot = Toy();
        byte[] name = new byte[SnapshotName.Size];
        byte[] fingerprint = new byte[NumericFingerprint.Size];
        snapshot.Name.CopyTo(name);
        snapshot.Fingerprint.CopyTo(fingerprint);
        SnapshotShortId id = new SnapshotOffer(name, fingerprint).ShortId;
        byte[] bytes = new byte[SnapshotShortId.Length];
        id.Write(bytes);

        Assert.Equal(snapshot.Name.ToString()[..8] + snapshot.Fingerprint.ToString()[..8],
            Convert.ToHexStringLower(bytes));
        Assert.Equal(id, SnapshotShortId.Read(bytes));
        Assert.Equal(new SnapshotShortId(snapshot.Name.ShortId, snapshot.Fingerprint.ShortId), id);
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
    }

    private static Snapshot Toy() => Snapshot.Load(SnapshotFiles.Open(MemorySource.Toy()), _ => new ToyPredictor());
}
