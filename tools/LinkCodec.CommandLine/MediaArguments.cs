using System.CommandLine;
using LinkCodec.Core.Prediction;
using LinkCodec.Media;

namespace LinkCodec.CommandLine;

/// <summary>The options that say what messages are, and how files of images, sounds and video cross.</summary>
public sealed class MediaArguments
{
    private readonly Option<string> _kind = new("--kind")
    {
        Description = "What the messages are: auto (default: a file of an image, a sound or a video that can be "
            + "restored byte for byte crosses as its samples), text, bytes, image, audio, video (Y4M), samples for "
            + "those without a header (--samples says which), or compressed for what is compressed or encrypted "
            + "already and travels as it is.",
        DefaultValueFactory = _ => "auto",
    };

    private readonly Option<string?> _preserve = new("--preserve")
    {
        Description = "What of a file of an image, a sound or a video crosses: file, so that it "
            + "comes out byte for byte, "
            + "or samples, as another file with the same samples. Default: file; of a named kind samples, where the "
            + "file cannot be restored or what else it holds costs more than a fiftieth of its samples.",
    };

    private readonly Option<int> _tile = NumberOptions.Of("--tile", "Side of the tiles of an image, each of which "
        + "decodes alone: the larger, the fewer bytes.", 128, 32, 256);

    private readonly Option<int> _group = NumberOptions.Of("--group",
        "Frames in a group of a video: what is lost costs " + "its group; the longer, the fewer bytes.", 16, 1, 1000);

    private readonly Option<string?> _samples = new("--samples")
    {
        Description = "With --kind samples, what they are: u8, s8, u16le, s16be and so on, 8, 16 or 24 bits; then "
            + "channels, that of one time together, and samples a channel of a segment, which decodes alone "
            + "(s16le,2 or s16le,2,8000); or WIDTHxHEIGHTxBANDS and bsq or bip (u16le,512x512x4,bip).",
    };

    private readonly Option<string?> _messages = new("--messages")
    {
        Description = "How messages stand in the input: lines (default), rs, u32le or whole (default of --kind image, "
            + "audio, video and samples: the input is one file).",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        ArgumentNullException.ThrowIfNull(command);
        command.Add(_messages);
        command.Add(_kind);
        command.Add(_samples);
        command.Add(_preserve);
        command.Add(_tile);
        command.Add(_group);
    }

    /// <summary>How messages stand in the input.</summary>
    /// <exception cref="UsageException">There is no such layout.</exception>
    public MessageFormat ReadFormat(ParseResult parsed)
    {
        ArgumentNullException.ThrowIfNull(parsed);
        bool isFile = parsed.GetValue(_kind) is "image" or "audio" or "video" or "samples";
        return LinkArguments.ReadFormat(parsed.GetValue(_messages) ?? (isFile ? "whole" : "lines"));
    }

    /// <summary>What the messages are, for their prediction.</summary>
    public ContentHint ReadHint(ParseResult parsed)
    {
        ArgumentNullException.ThrowIfNull(parsed);
        return parsed.GetValue(_kind) == "compressed" ? ContentHint.Compressed : ContentHint.Auto;
    }

    /// <summary>How files of images and sounds cross.</summary>
    /// <param name="parsed">The arguments.</param>
    /// <param name="error">Where lines for people go.</param>
    /// <exception cref="UsageException">There is no such kind, or no such choice, or no such format.</exception>
    public MediaOptions Read(ParseResult parsed, TextWriter error)
    {
        ArgumentNullException.ThrowIfNull(parsed);
        string kind = parsed.GetValue(_kind)!;
        return new MediaOptions
        {
            Kind = kind switch
            {
                "auto" => MessageKind.Auto,
                "text" => MessageKind.Text,
                "bytes" or "compressed" => MessageKind.Bytes,
                "image" => MessageKind.Image,
                "audio" => MessageKind.Audio,
                "video" => MessageKind.Video,
                "samples" => MessageKind.Samples,
                _ => throw new UsageException(
                    $"--kind {kind}: expected auto, text, bytes, image, audio, video, samples or compressed"),
            },
            Preserve = parsed.GetValue(_preserve) switch
            {
                null => Preservation.Auto,
                "file" => Preservation.File,
                "samples" => Preservation.Samples,
                string other => throw new UsageException($"--preserve {other}: expected file or samples"),
            },
            Samples = ReadSamples(parsed.GetValue(_samples), kind),
            TileSize = parsed.GetValue(_tile),
            GroupLength = parsed.GetValue(_group),
            OnNotice = line => CommandHost.Say(error, line),
        };
    }

    /// <summary>What samples without a header are; null where messages are something else.</summary>
    /// <param name="text">The format; null where none is given.</param>
    /// <param name="kind">What the messages are.</param>
    /// <exception cref="UsageException">There is no such format, or it is missing, or the kind is another.</exception>
    public static SampleFormat? ReadSamples(string? text, string kind)
    {
        if ((kind == "samples") != text is not null)
        {
            throw new UsageException(text is null
                ? "--kind samples needs --samples"
                : "--samples needs --kind samples");
        }

        return text is null ? null : SampleFormat.TryParse(text, out SampleFormat? format)
            ? format
            : throw new UsageException($"--samples {text}: expected TYPE,CHANNELS,SEGMENT or "
                + "TYPE,WIDTHxHEIGHTxBANDS,bsq|bip: u8, s8, or u or s with 16 or 24 and le or be; 1 to 16 channels "
                + "(of 24 bits 8; no raster), sides of 1 to 65536");
    }
}
