using System.CommandLine;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using LinkCodec.Models;

namespace LinkCodec.CommandLine;

/// <summary>The options that sender and receiver share, under the same names.</summary>
/// <param name="isSender">Whether this end sends the messages: each end takes its own direction of a profile.</param>
public sealed class LinkArguments(bool isSender)
{
    private readonly KeyArguments _keys = new();
    private readonly Option<string[]> _snapshot = new("--snapshot")
    {
        Description = "Snapshot by label, first digits of its name, folder (with a separator: ./mine), or 'none'; may "
            + "be repeated, best first.",
    };
    private readonly Option<ModelDevice> _device = Device();
    private readonly Option<string?> _delivery = new("--delivery") { Description = "reliable (default) or once." };
    private readonly Option<long?> _rate = NumberOptions.Optional("--rate",
        "What this end may send, in bits per second; 0 for no limit; from the profile if not given.", 0L,
        1_000_000_000_000);
    private readonly Option<string?> _profile = new("--profile")
    {
        Description = "Rates, delay, datagram sizes and charges of a kind of link: a name (`linkcodec profile list`; "
            + "default: geo) or a JSON file.",
        HelpName = "NAME|FILE",
    };
    private readonly Option<double?> _delay = NumberOptions.Optional("--delay",
        "How long a bit travels one way, in seconds; from the profile if not given.", 0.0, 1800);
    private readonly Option<int?> _mtu = NumberOptions.Optional("--mtu",
        "Bytes of the longest datagram; from the profile if not given.", 96, 65_507);
    private readonly Option<int?> _quantum = NumberOptions.Quantum();
    private readonly Option<int?> _billed = NumberOptions.LeastBilled();
    private readonly Option<bool> _oneWay = new("--one-way") { Description = "The other end cannot answer." };
    private readonly Option<string?> _state = new("--state")
    {
        Description = "Folder for what has to outlive this process; both ends have one. Either may be killed at any "
            + "moment and started again with the same arguments: every message comes out once, and in order. The next "
            + "session sends messages at once, without waiting for an answer, and goes on inside a long one.",
        HelpName = "DIR",
    };
    private readonly Option<int> _threads = NumberOptions.Threads();

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        ArgumentNullException.ThrowIfNull(command);
        _keys.AddTo(command, isLink: true);
        foreach (Option option in new Option[] { _snapshot, _device, _profile, _rate, _delay, _mtu, _quantum, _billed,
            _delivery, _oneWay, _state, _threads })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The files with keys: no output may be one of them.</summary>
    public IEnumerable<string> KeyFiles(ParseResult parsed) => _keys.Files(parsed);

    /// <summary>The options as given, for a link to or from <paramref name="endpoint"/>.</summary>
    /// <exception cref="UsageException">A value is not allowed, or a key is missing.</exception>
    /// <exception cref="LinkKeyException">A key file cannot be read.</exception>
    public LinkOptions Read(ParseResult parsed, LinkEndpoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(parsed);
        ArgumentNullException.ThrowIfNull(endpoint);
        LinkProfile profile = LinkProfile.Find(parsed.GetValue(_profile) ?? "geo");
        LinkDirection own = isSender ? profile.Forward : profile.Return ?? profile.Forward;
        double delay = parsed.GetValue(_delay) ?? profile.OneWayDelay;
        UnitDelivery delivery = ReadDelivery(parsed.GetValue(_delivery));
        string[]? snapshots = parsed.GetValue(_snapshot);
        LinkOptions options = new()
        {
            Snapshots = snapshots is { Length: > 0 } ? snapshots : [SnapshotStore.DefaultLabel],
            Device = parsed.GetValue(_device),
            Delivery = delivery,
            Rate = new DataRate(parsed.GetValue(_rate) ?? own.Rate),
            OneWayDelay = TimeSpan.FromSeconds(endpoint.Scheme == LinkScheme.File ? 0 : delay),
            MaxDatagramSize = parsed.GetValue(_mtu) ?? own.Mtu,
            Billing = own.Billing with
            {
                Step = parsed.GetValue(_quantum) ?? own.BillingStep,
                Minimum = parsed.GetValue(_billed) ?? own.BillingMinimum,
            },
            HasReturnPath = endpoint.Scheme != LinkScheme.File && !parsed.GetValue(_oneWay)
                && profile.Return is not null,
            Threads = parsed.GetValue(_threads),
        };
        if (parsed.GetValue(_state) is { } state)
        {
            options = options with { State = ReadState(state, options) };
        }

        return _keys.ReadForLink(parsed, options, options.HasReturnPath);
    }

    /// <summary>Reads the place where a link begins or ends.</summary>
    /// <exception cref="UsageException">The text is no such URI.</exception>
    public static LinkEndpoint ReadEndpoint(string text) =>
        LinkEndpoint.TryParse(text, out LinkEndpoint? endpoint, out string? problem)
            ? endpoint
            : throw new UsageException(problem);

    /// <summary>Reads the place that a link goes to.</summary>
    /// <exception cref="UsageException">The text is no such URI, or nobody can be there.</exception>
    public static LinkEndpoint ReadTarget(string text) => ReadEndpoint(text) is { Scheme: LinkScheme.Udp, Port: 0 }
        ? throw new UsageException($"'{text}' is nowhere: port 0 is for listening alone")
        : ReadEndpoint(text);

    /// <summary>The option --device of every command that loads a snapshot.</summary>
    public static Option<ModelDevice> Device() => new("--device")
    {
        Description = "What a language model runs on: cpu (default), cuda or cuda:N. Fails where that is missing or "
            + "computes otherwise; changes no byte.",
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

    /// <summary>Reads the layout of messages in a file, as the commands name it.</summary>
    /// <exception cref="UsageException">There is no such layout.</exception>
    public static MessageFormat ReadFormat(string text) => text switch
    {
        "lines" => MessageFormat.Lines,
        "rs" => MessageFormat.RecordSeparated,
        "u32le" => MessageFormat.LengthPrefixed,
        "whole" => MessageFormat.Whole,
        _ => throw new UsageException($"--messages {text}: expected lines, rs, u32le or whole"),
    };

    private static string ReadState(string folder, LinkOptions options) =>
        folder.Length == 0 ? throw new UsageException("--state needs the name of a folder")
        : !options.HasReturnPath ? throw new UsageException(
            "--state needs a way back: not with file:, --one-way or a profile without one")
        : options.Delivery == UnitDelivery.Once
            ? throw new UsageException("--state needs reliable delivery: not with --delivery once")
        : folder;

    private static UnitDelivery ReadDelivery(string? text) => text switch
    {
        null or "reliable" => UnitDelivery.Reliable,
        "once" => UnitDelivery.Once,
        _ => throw new UsageException($"--delivery {text}: expected reliable or once"),
    };
}
