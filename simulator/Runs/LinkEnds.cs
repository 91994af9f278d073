using System.Buffers.Text;
using LinkCodec.Codec;
using LinkCodec.CommandLine;
using LinkCodec.Core.Endpoint;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;
using LinkCodec.Simulator.Channel;
using LinkCodec.Simulator.Scenarios;

namespace LinkCodec.Simulator.Runs;

/// <summary>
/// The options of both ends of a scenario's link, with keys, ephemeral keys and tags all drawn from one seed: the same
/// bytes each time.
/// </summary>
internal sealed class LinkEnds : IDisposable
{
    private const int DefaultMtu = 1200;
    private const int LeastMtu = 96;
    private const int MostMtu = 65_507;

    private readonly LinkIdentity _sender;
    private readonly LinkIdentity _receiver;
    private readonly LinkParts _senderParts;
    private readonly LinkParts _receiverParts;
    private readonly ulong _seed;

    /// <exception cref="UsageException">The scenario's datagrams are too short for a handshake, or it is no link for
    /// what was asked.</exception>
    public LinkEnds(RunInput input, RunCodec codec, ulong seed)
    {
        Scenario scenario = input.Scenario;
        _seed = seed;
        bool isChained = input.Context == ContextMode.Chained;
        bool hasReturn = scenario.Return is not null;
        if (isChained && hasReturn)
        {
            throw new UsageException("--context chained is for files: take a scenario without a way back");
        }

        if (isChained && input.CodeRate < 1)
        {
            throw new UsageException("--fec repairs segments that decode alone: not those of --context chained");
        }

        IReadOnlyList<RuleSpec> back = scenario.Return ?? scenario.Forward;
        _sender = LinkIdentity.Parse(Base64Url.EncodeToString(Bytes("identity/sender")));
        _receiver = LinkIdentity.Parse(Base64Url.EncodeToString(Bytes("identity/receiver")));
        LinkOptions both = new()
        {
            HasReturnPath = hasReturn,
            PresharedKey = hasReturn ? (ReadOnlyMemory<byte>?)Bytes("psk") : null,
            OneWayDelay = Longer(Scenario.DelayOf(scenario.Forward), Scenario.DelayOf(back)),
            Context = input.Context,
            FillSegments = isChained || input.FillSegments,
            Effort = input.Effort,
            MaxDelay = input.MaxDelay,
            CodeRate = input.CodeRate,
            RepairReach = input.RepairReach,
            Hint = codec.IsBaseline ? ContentHint.Compressed : ContentHint.Auto,
        };
        Sender = both with
        {
            Identity = _sender,
            PeerPublicKey = _receiver.PublicKey,
            Rate = Scenario.RateOf(scenario.Forward),
            MaxDatagramSize = Mtu(scenario.Forward),
            RandomSource = Random("handshake/sender"),
        };
        Receiver = both with
        {
            Identity = _receiver,
            PeerPublicKey = _sender.PublicKey,
            Rate = Scenario.RateOf(back),
            MaxDatagramSize = Mtu(back),
            RandomSource = Random("handshake/receiver"),
        };
        _senderParts = new LinkParts(Sender, codec.Snapshots, ownsSnapshots: false);
        _receiverParts = new LinkParts(Receiver, codec.Snapshots, ownsSnapshots: false);
        SenderOptions = _senderParts.OptionsFor(hasReturn, isFile: isChained, isSender: true);
        ReceiverOptions = _receiverParts.OptionsFor(hasReturn, isFile: isChained, isSender: false, mayChain: isChained);
    }

    public EndpointOptions SenderOptions { get; }

    public EndpointOptions ReceiverOptions { get; }

    /// <summary>The sender's options, as an application has them.</summary>
    public LinkOptions Sender { get; }

    /// <summary>The receiver's options, as an application has them.</summary>
    public LinkOptions Receiver { get; }

    /// <summary>The longest datagram of a direction, in bytes.</summary>
    public static int Mtu(IReadOnlyList<RuleSpec> direction)
    {
        int mtu = Math.Min(Scenario.MtuOf(direction) ?? DefaultMtu, MostMtu);
        return mtu >= LeastMtu ? mtu : throw new UsageException(
            $"the scenario's datagrams have {mtu} bytes at most: a session needs {LeastMtu}");
    }

    public void Dispose()
    {
        _senderParts.Dispose();
        _receiverParts.Dispose();
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
