using LinkCodec.Core.Session.Handshake;
using LinkCodec.State;
using LinkCodec.Tests.Coding;
using NSec.Cryptography;
using Xunit;

namespace LinkCodec.Tests.State;

/// <summary>Resumption secrets on a disk that loses its power, is copied, damaged and full.</summary>
public sealed class ResumptionFileTests : IDisposable
{
    private const int Cuts = 8; // Each operation is cut off in so many ways.

    private static readonly SnapshotOffer Snapshot = Session.HandshakeKeys.A;

    private readonly Key _key = Key.Create(KeyAgreementAlgorithm.X25519);

    private PublicKey Peer => _key.PublicKey;

    public void Dispose() => _key.Dispose();

    [Fact]
    [Spec("2.8-10")]
    public void A_secret_is_found_by_the_next_process_and_taken_once()
    {
        PowerCutFiles disk = new();
        using (ResumptionFile first = ResumptionFile.Open(disk))
        {
            Assert.Null(first.Take(Peer));
            Keep(first, Peer, 1);
        }

        PowerCutFiles copy = disk.AfterKill();
        using ResumptionFile next = ResumptionFile.Open(disk.AfterKill());
        SavedResumption saved = next.Take(Peer)!;
        Assert.Equal(SecretOf(1), saved.Secret.Span.ToArray());
        Assert.Equal(Snapshot.Name.ToArray(), saved.Snapshot.Name.ToArray());
        Assert.Equal(Snapshot.Fingerprint.ToArray(), saved.Snapshot.Fingerprint.ToArray());
        Assert.Null(next.Take(Peer));
        using ResumptionFile copied = ResumptionFile.Open(copy);
        Assert.NotNull(copied.Take(Peer)); // The receiver finds it out: 2.8-7.
    }

    [Fact]
    [Spec("2.8-10")]
    public void What_was_taken_is_in_no_file_whatever_fails_behind_it()
    {
        byte[] secret = SecretOf(1);
        int operations = Run(new PowerCutFiles(), out _).Operations;
        for (int at = 0; at <= operations; at++)
        {
            PowerCutFiles disk = Run(new PowerCutFiles { FailsAt = at }, out bool isTaken);
            for (ulong seed = 0; isTaken && seed < Cuts; seed++)
            {
                PowerCutFiles found = disk.AfterPowerCut(new TestRandom(((ulong)at * Cuts) + seed));
                Assert.False(found.Read("resumption").AsSpan().IndexOf(secret) >= 0, $"operation {at}, seed {seed}");
                using ResumptionFile next = ResumptionFile.Open(found);
                using ResumptionSecret? after = next.Take(Peer)?.Secret;
                Assert.True(after is null || after.Span.SequenceEqual(SecretOf(2)), $"operation {at}, seed {seed}");
            }
        }
    }

    [Fact]
    [Spec("2.8-7")]
    public void A_receiver_forgets_a_secret_for_the_process_at_once_and_for_good_with_the_next_one()
    {
        PowerCutFiles disk = new();
        using ResumptionFile file = ResumptionFile.Open(disk);
        Keep(file, Peer, 1);
        using ResumptionSecret first = new(SecretOf(1));
        using (ResumptionSecret? found = file.Find(first.Id, Peer))
        {
            Assert.NotNull(found);
        }

        using Key other = Key.Create(KeyAgreementAlgorithm.X25519);
        Assert.Null(file.Find(first.Id, other.PublicKey));
        file.Spend(first.Id);
        Assert.False(file.Holds(first.Id));
        Assert.Null(file.Find(first.Id, Peer));
        Keep(file, Peer, 2);
        using ResumptionFile next = ResumptionFile.Open(disk.AfterPowerCut(new TestRandom(3)));
        Assert.False(next.Holds(first.Id));
        using ResumptionSecret second = new(SecretOf(2));
        Assert.True(next.Holds(second.Id));
        Assert.False(disk.Read("resumption").AsSpan().IndexOf(SecretOf(1)) >= 0);
    }

    [Fact]
    public void Damage_counts_as_no_secret()
    {
        PowerCutFiles disk = new();
        using (ResumptionFile file = ResumptionFile.Open(disk))
        {
            Keep(file, Peer, 1);
        }

        int length = disk.Read("resumption").Length;
        for (int at = 0; at < length; at++)
        {
            PowerCutFiles damaged = disk.AfterKill();
            damaged.Change("resumption", bytes => bytes[at] ^= 0x40);
            using ResumptionFile next = ResumptionFile.Open(damaged);
            Assert.Null(next.Take(Peer));
            Keep(next, Peer, 2);
            Assert.NotNull(next.Take(Peer));
        }
    }

    [Fact]
    public void The_file_stays_as_long_as_there_are_peers()
    {
        PowerCutFiles disk = new();
        using ResumptionFile file = ResumptionFile.Open(disk);
        for (int i = 0; i < ResumptionFile.MaxPeers + 100; i++)
        {
            byte[] peer = new byte[32];
            BitConverter.TryWriteBytes(peer, i + 1);
            using ResumptionSecret secret = new(SecretOf(i));
            file.Keep(peer, secret, Snapshot);
            file.Keep(peer, secret, Snapshot);
        }

        Assert.InRange(disk.Read("resumption").Length, 1, 200 * ResumptionFile.MaxPeers);
    }

    private PowerCutFiles Run(PowerCutFiles disk, out bool isTaken)
    {
        isTaken = false;
        try
        {
            using ResumptionFile file = ResumptionFile.Open(disk);
            Keep(file, Peer, 1);
            using ResumptionSecret? taken = file.Take(Peer)?.Secret;
            isTaken = true;
            Keep(file, Peer, 2);
        }
        catch (Exception e) when (e is LinkStateException or IOException)
        {
            // The power has failed.
        }

        return disk;
    }

    private static void Keep(ResumptionFile file, PublicKey peer, int number)
    {
        using ResumptionSecret secret = new(SecretOf(number));
        file.Keep(peer.Export(KeyBlobFormat.RawPublicKey), secret, Snapshot);
    }

    private static byte[] SecretOf(int number) =>
        System.Security.Cryptography.SHA256.HashData(BitConverter.GetBytes(number));
}
