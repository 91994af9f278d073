using System.CommandLine;
using System.Globalization;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using LinkCodec.Models;
using LinkCodec.Transport;

namespace LinkCodec.CommandLine;

/// <summary>The options that sender and receiver share, under the same names.</summary>
public sealed class LinkArguments
{
    private static readonly (string Name, double DelaySeconds, int Mtu)[] Profiles =
    [
        ("geo", 0.3, 1200),
        ("leo", 0.02, 1200),
        ("iridium-sbd", 1.5, 270),
        ("lan", 0.001, 1200),
    ];

    private readonly Option<string?> _identity = new("--identity") { Description = "File with this end's private key (linkcodec keygen)." };
    private readonly Option<string?> _peer = new("--peer") { Description = "The other end's public key, or a file with it." };
    private readonly Option<string?> _psk = new("--psk") { Description = "File with 32 bytes that both ends share beside their keys." };
    private readonly Option<string[]> _snapshot = new("--snapshot") { Description = "Snapshot by label, first digits of its name or folder, or 'none'; may be repeated, best first." };
    private readonly Option<ModelDevice> _device = Device();
    private readonly Option<string?> _delivery = new("--delivery") { Description = "reliable (default) or once." };
    private readonly Option<long> _rate = new("--rate") { Description = "What this end may send, in bits per second; 0 (default) for no limit." };
    private readonly Option<string?> _profile = new("--profile") { Description = "Delay and datagram size of a kind of link: geo (default), leo, iridium-sbd, lan." };
    private readonly Option<double?> _delay = new("--delay") { Description = "How long a bit travels one way, in seconds; from the profile if not given." };
    private readonly Option<int?> _mtu = new("--mtu") { Description = "Bytes of the longest datagram; from the profile if not given." };
    private readonly Option<bool> _oneWay = new("--one-way") { Description = "The other end cannot answer." };
    private readonly Option<int> _threads = new("--threads") { Description = "Threads that predict at once; 0 (default) for one a processor." };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        ArgumentNullException.ThrowIfNull(command);
        foreach (Option option in new Option[] { _identity, _peer, _psk, _snapshot, _device, _profile, _rate, _delay, _mtu, _delivery, _oneWay, _threads })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The options as given; file links may do without keys, others may not.</summary>
    /// <exception cref="UsageException">A value is not allowed, or a key is missing.</exception>
    /// <exception cref="LinkException">A key file cannot be read.</exception>
    public LinkOptions Read(ParseResult parsed, bool needsKeys)
    {
        ArgumentNullException.ThrowIfNull(parsed);
        string? identity = parsed.GetValue(_identity);
        string? peer = parsed.GetValue(_peer);
        if (needsKeys && identity is null)
        {
            throw new UsageException("--identity is missing: make a key with 'linkcodec keygen -o DIR' and give DIR/identity.key");
        }

        if (needsKeys && peer is null)
        {
            throw new UsageException("--peer is missing: give the other end's public key, the text in its identity.pub");
        }

        string profile = parsed.GetValue(_profile) ?? "geo";
        int at = Array.FindIndex(Profiles, p => p.Name == profile);
        if (at < 0)
        {
            throw new UsageException($"--profile {profile}: expected one of {string.Join(", ", Profiles.Select(p => p.Name))}");
        }

        double delay = parsed.GetValue(_delay) ?? Profiles[at].DelaySeconds;
        int mtu = parsed.GetValue(_mtu) ?? Profiles[at].Mtu;
        long rate = parsed.GetValue(_rate);
        Require(delay is >= 0 and <= 1800, "--delay", "0 to 1800 seconds");
        Require(mtu is >= 96 and <= 65_507, "--mtu", "96 to 65507 bytes");
        Require(rate is >= 0 and <= 1_000_000_000_000, "--rate", "0 to 10^12 bits per second");
        Require(parsed.GetValue(_threads) is >= 0 and <= 256, "--threads", "0 to 256");
        UnitDelivery delivery = ReadDelivery(parsed.GetValue(_delivery));
        string[]? snapshots = parsed.GetValue(_snapshot);
        return new LinkOptions
        {
            Identity = identity is null ? null : LinkIdentity.Load(identity),
            PeerPublicKey = peer,
            PresharedKey = ReadPsk(parsed.GetValue(_psk)),
            Snapshots = snapshots is { Length: > 0 } ? snapshots : [SnapshotStore.DefaultLabel],
            Device = parsed.GetValue(_device),
            Delivery = delivery,
            Rate = new DataRate(rate),
            OneWayDelay = TimeSpan.FromSeconds(delay),
            MaxDatagramSize = mtu,
            HasReturnPath = !parsed.GetValue(_oneWay),
            Threads = parsed.GetValue(_threads),
        };
    }

    /// <summary>Where a link begins or ends.</summary>
    /// <exception cref="UsageException">Not such a URI.</exception>
    public static LinkEndpoint ReadEndpoint(string text) =>
        LinkEndpoint.TryParse(text, out LinkEndpoint? endpoint, out string? problem) ? endpoint : throw new UsageException(problem);

    /// <summary>The option --device of every command that loads a snapshot.</summary>
    public static Option<ModelDevice> Device() => new("--device")
    {
        Description = "What a language model runs on: cpu (default), cuda or cuda:N. Fails where that is missing or computes otherwise; changes no byte.",
        HelpName = "cpu|cuda[:N]",
        CustomParser = result =>
        {
            if (!ModelDevice.TryParse(result.Tokens[^1].Value, out ModelDevice device))
            {
                result.AddError($"--device {result.Tokens[^1].Value}: expected cpu, cuda or cuda:N");
            }

            return device;
        },
    };

    /// <summary>How messages stand in a file, as the commands name it.</summary>
    /// <exception cref="UsageException">No such layout.</exception>
    public static MessageFormat ReadFormat(string text) => text switch
    {
        "lines" => MessageFormat.Lines,
        "rs" => MessageFormat.RecordSeparated,
        "u32le" => MessageFormat.LengthPrefixed,
        "whole" => MessageFormat.Whole,
        _ => throw new UsageException($"--messages {text}: expected lines, rs, u32le or whole"),
    };

    private static UnitDelivery ReadDelivery(string? text) => text switch
    {
        null or "reliable" => UnitDelivery.Reliable,
        "once" => UnitDelivery.Once,
        _ => throw new UsageException($"--delivery {text}: expected reliable or once"),
    };

    private static ReadOnlyMemory<byte>? ReadPsk(string? path)
    {
        if (path is null)
        {
            return null;
        }

        byte[] psk = File.ReadAllBytes(path);
        return psk.Length == 32 ? psk : throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"--psk {path}: expected 32 bytes, found {psk.Length}"));
    }

    private static void Require(bool holds, string option, string range)
    {
        if (!holds)
        {
            throw new UsageException($"{option} must be {range}");
        }
    }
}
