using LinkCodec.Core.Primitives;
using LinkCodec.Core.Security;
using NSec.Cryptography;

namespace LinkCodec.Core.Session.Handshake;

/// <summary>
/// The settings of a handshake. Both sides configure the same pattern, hash and pre-shared key. The keys stay the
/// caller's, who disposes them afterwards.
/// </summary>
internal sealed record HandshakeOptions
{
    /// <summary>Largest number of snapshots on offer.</summary>
    public const int MaxSnapshots = 64;

    /// <summary>Time that the peer may take beyond the way of the light: 50 ms.</summary>
    public static readonly TimeSpan ProcessingAllowance = TimeSpan.FromMilliseconds(50);

    /// <summary>The pattern: who knows which key beforehand.</summary>
    public HandshakePattern Pattern { get; init; } = HandshakePattern.KKpsk0;

    /// <summary>The hash; BLAKE2b by default.</summary>
    public NoiseHash Hash { get; init; } = NoiseHash.Blake2b;

    /// <summary>This side's X25519 key pair; needed but for <see cref="HandshakePattern.NNpsk0"/>.</summary>
    public Key? StaticKey { get; init; }

    /// <summary>
    /// The peer's X25519 key; needed where the pattern has it known beforehand, elsewhere the only one to accept (null:
    /// any).
    /// </summary>
    public PublicKey? PeerKey { get; init; }

    /// <summary>
    /// The number of answers that a responder keeps, 128 by default. It should be more than there are peers that may
    /// ask at once, and the keys of as many should be kept: they come again only when their answer was forgotten.
    /// </summary>
    public int Remembered { get; init; } = 128;

    /// <summary>
    /// The keys that a responder accepts where the pattern does not have one known beforehand; null for any.
    /// </summary>
    public IReadOnlyCollection<PublicKey>? PeerKeys { get; init; }

    /// <summary>The pre-shared key, 32 bytes, where the pattern has one.</summary>
    public byte[]? Psk { get; init; }

    /// <summary>Snapshots, the preferred first; 1 to 64. The default offers the snapshot-free codec alone.</summary>
    public IReadOnlyList<SnapshotOffer> Snapshots { get; init; } = [SnapshotOffer.None];

    /// <summary>The source of ephemeral keys and tags; the operating system by default.</summary>
    public RandomSource RandomSource { get; init; } = RandomSource.System;

    /// <summary>
    /// Tag for the segments to this side, 0 to 127, so that a driver can tell its sessions apart; null for a random
    /// one.
    /// </summary>
    public byte? LocalTag { get; init; }

    /// <summary>Initiator: what it resumes by; null for a session that begins with a round trip. In patterns KK, KKpsk0
    /// and IK alone.</summary>
    public Resumption? Resumption { get; init; }

    /// <summary>Responder: the secrets by which sessions are resumed; null where none are.</summary>
    public IResumptions? Resumptions { get; init; }

    /// <summary>
    /// Time that a datagram takes one way; 0.3 s by default. Every timer of the handshake derives from it.
    /// </summary>
    public TimeSpan OneWayDelay { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>
    /// The number of times that the Initiate is sent for one snapshot before the handshake gives up; 16 by default, at
    /// least 1.
    /// </summary>
    public int MaxAttempts { get; init; } = 16;

    /// <summary>
    /// The wait after the first Initiate: a round trip and the peer's time. The second wait is 1.5 times, later ones
    /// twice as long.
    /// </summary>
    internal TimeSpan RetransmitInterval => IntervalFor(OneWayDelay);

    /// <summary>
    /// Whether a responder's ephemeral keys follow from the Initiate and a secret of its own; false draws them, as
    /// vectors have it.
    /// </summary>
    internal bool DerivesAnswers { get; init; } = true;

    internal NoisePattern NoisePattern => NoisePattern.Parse(Pattern.ToString());

    /// <summary>Whether a peer with this key, or whose key is not known yet, may go on.</summary>
    internal bool Accepts(PublicKey? peer) => PeerKeys is null || peer is null || PeerKeys.Contains(peer);

    /// <summary>Whether sessions of this pattern can be resumed.</summary>
    internal bool MayResume => HandshakeDatagram.MayResume(NoisePattern);

    internal static TimeSpan IntervalFor(TimeSpan oneWayDelay) => oneWayDelay + oneWayDelay + ProcessingAllowance;

    internal byte NewTag()
    {
        if (LocalTag is byte tag)
        {
            return tag;
        }

        Span<byte> random = stackalloc byte[1];
        RandomSource.Fill(random);
        return (byte)(random[0] & SegmentHeader.MaxTag);
    }

    internal HandshakeState Begin(bool initiator, SnapshotOffer offer, ReadOnlySpan<byte> header)
    {
        Span<byte> prologue = stackalloc byte[HandshakeDatagram.MaxPrologueLength];
        prologue = prologue[..HandshakeDatagram.WritePrologue(prologue, offer, header)];
        return new HandshakeState(NoisePattern, Hash, initiator, prologue, StaticKey, PeerKey, Psk, RandomSource);
    }

    /// <exception cref="ArgumentException">A key is missing, is of another kind, or the options contradict each
    /// other.</exception>
    internal void Validate(bool initiator, bool oneWay)
    {
        NoisePattern pattern = NoisePattern;
        Require(pattern.IsOneWay == oneWay,
            oneWay ? "A one-way link takes pattern K or Kpsk0." : "Patterns K and Kpsk0 are for one-way links alone.");
        Require(
            StaticKey is not null || !(initiator ? pattern.InitiatorHasStatic : pattern.ResponderHasStatic),
            $"Pattern {Pattern} needs {nameof(StaticKey)}.");
        Require(StaticKey is null || StaticKey.Algorithm == KeyAgreementAlgorithm.X25519,
            $"{nameof(StaticKey)} must be an X25519 key.");
        Require(
            PeerKey is not null || !(initiator ? pattern.ResponderKnown : pattern.InitiatorKnown),
            $"Pattern {Pattern} needs {nameof(PeerKey)}.");
        Require(PeerKey is null || PeerKey.Algorithm == KeyAgreementAlgorithm.X25519,
            $"{nameof(PeerKey)} must be an X25519 key.");
        Require(
            PeerKey is null || StaticKey is null || !PeerKey.Equals(StaticKey.PublicKey),
            $"{nameof(PeerKey)} must not be this side's own key: a reflected datagram would pass.");
        Require(pattern.HasPsk ? Psk?.Length == 32 : Psk is null,
            $"{nameof(Psk)} has 32 bytes in the psk patterns and is null in the others.");
        Require(Snapshots is { Count: > 0 and <= MaxSnapshots },
            $"{nameof(Snapshots)} has 1 to {MaxSnapshots} entries.");
        Require(LocalTag is null or <= SegmentHeader.MaxTag, $"{nameof(LocalTag)} is at most 127.");
        Require(OneWayDelay >= TimeSpan.Zero && OneWayDelay <= TimeSpan.FromDays(1),
            $"{nameof(OneWayDelay)} is 0 to 1 day.");
        Require(MaxAttempts > 0, $"{nameof(MaxAttempts)} is at least 1.");
        Require(Resumption is null || (HandshakeDatagram.MayResume(pattern) && Resumption.Offer < Snapshots.Count),
            $"Sessions are resumed in patterns KK, KKpsk0 and IK, with one of the {nameof(Snapshots)}.");
        ArgumentNullException.ThrowIfNull(RandomSource);
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new ArgumentException(message, "options");
        }
    }
}
