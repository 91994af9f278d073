using System.CommandLine;
using System.Globalization;
using LinkCodec.Media;

namespace LinkCodec.CommandLine;

/// <summary>The options of sound that comes live, without a header, and of the length of its segments.</summary>
public sealed class PcmArguments
{
    private readonly Option<string?> _pcm = new("--pcm")
    {
        Description = "With --kind audio: the input is sound without a header, BITS,CHANNELS,RATE (16,1,8000; "
            + "little-endian, signed but for 8 bits), and each segment leaves as soon as it is read.",
    };

    private readonly Option<int> _segment = NumberOptions.Of("--segment",
        "Milliseconds of a segment of sound, each of which decodes alone: the shorter, the sooner and the more bytes.",
        1000, 20, 1000);

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        ArgumentNullException.ThrowIfNull(command);
        command.Add(_pcm);
        command.Add(_segment);
    }

    /// <summary>The length of a segment at most.</summary>
    public TimeSpan ReadSegment(ParseResult parsed)
    {
        ArgumentNullException.ThrowIfNull(parsed);
        return TimeSpan.FromMilliseconds(parsed.GetValue(_segment));
    }

    /// <summary>What the samples of live sound are; null where the input is none.</summary>
    /// <param name="parsed">The arguments.</param>
    /// <param name="kind">What the messages are.</param>
    /// <exception cref="UsageException">There is no such format, or the kind is another.</exception>
    public PcmFormat? Read(ParseResult parsed, MessageKind kind)
    {
        ArgumentNullException.ThrowIfNull(parsed);
        if (parsed.GetValue(_pcm) is not { } text)
        {
            return null;
        }

        if (kind != MessageKind.Audio)
        {
            throw new UsageException("--pcm needs --kind audio");
        }

        int[] numbers = [.. text.Split(',').Select(word =>
            int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0)];
        return numbers.Length == 3 && new PcmFormat(numbers[0], numbers[1], numbers[2]) is { IsValid: true } format
            ? format
            : throw new UsageException(
                $"--pcm {text}: expected BITS,CHANNELS,RATE: 8, 16 or 24 bits, 1 to 8 channels, up to 1000000 Hz");
    }
}
