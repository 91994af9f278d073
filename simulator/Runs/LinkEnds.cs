using System.Buffers.Text;
using LinkCodec.CommandLine;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using LinkCodec.Simulator.Channel;
using LinkCodec.Simulator.Scenarios;

namespace LinkCodec.Simulator.Runs;

/// <summary>The options of both ends of a scenario's link, with keys, ephemeral keys and tags all drawn from one seed: the same bytes each time.</summary>
internal sealed class LinkEnds : IDisposable
{
    private const int DefaultMtu = 1200;
    private const int LeastMtu = 96;
    private const int MostMtu = 65_507;

    private readonly LinkIdentity _sender;
    private readonly LinkIdentity _receiver;
    private readonly ulong _seed;

    /// <exception cref="UsageException">The scenario's datagrams are too short for a handshake.</exception>
    public LinkEnds(Scenario scenario, ulong seed)
    {
        _seed = seed;
        HasReturn = scenario.Return is not null;
        IReadOnlyList<RuleSpec> back = scenario.Return ?? scenario.Forward;
        _sender = LinkIdentity.Parse(Base64Url.EncodeToString(Bytes("identity/sender")));
        _receiver = LinkIdentity.Parse(Base64Url.EncodeToString(Bytes("identity/receiver")));
        LinkOptions both = new()
        {
            HasReturnPath = HasReturn,
            PresharedKey = HasReturn ? (ReadOnlyMemory<byte>?)Bytes("psk") : null,
            OneWayDelay = Longer(Scenario.DelayOf(scenario.Forward), Scenario.DelayOf(back)),
        };
        Sender = both with
        {
            Identity = _sender,
            PeerPublicKey = _receiver.PublicKey,
            Rate = Scenario.RateOf(scenario.Forward),
            MaxDatagramSize = Mtu(scenario.Forward),
        };
        Receiver = both with
        {
            Identity = _receiver,
            PeerPublicKey = _sender.PublicKey,
            Rate = Scenario.RateOf(back),
            MaxDatagramSize = Mtu(back),
        };
    }

    public bool HasReturn { get; }

    public LinkOptions Sender { get; }

    public LinkOptions Receiver { get; }

    public HandshakeOptions SenderHandshake(SnapshotOffer offer) =>
        Sender.ToHandshake([offer], HasReturn) with { RandomSource = Random("handshake/sender") };

    public HandshakeOptions ReceiverHandshake(SnapshotOffer offer) =>
        Receiver.ToHandshake([offer], HasReturn) with { RandomSource = Random("handshake/receiver") };

    /// <summary>The longest datagram of a direction, in bytes.</summary>
    public static int Mtu(IReadOnlyList<RuleSpec> direction)
    {
        int mtu = Math.Min(Scenario.MtuOf(direction) ?? DefaultMtu, MostMtu);
        return mtu >= LeastMtu ? mtu : throw new UsageException($"the scenario's datagrams have {mtu} bytes at most: a session needs {LeastMtu}");
    }

    public void Dispose()
    {
        _sender.Dispose();
        _receiver.Dispose();
    }

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private RandomSource Random(string use) => RandomSource.FromSeed(Draws.StreamOf(_seed, use));

    private byte[] Bytes(string use)
    {
        byte[] bytes = new byte[32];
        Random(use).Fill(bytes);
        return bytes;
    }
}
