using System.Text.Json;
using LinkCodec.Media;

namespace LinkCodec.CommandLine;

/// <summary>Writes images, sounds and video of which parts were lost beside the messages, and says what they
/// lack.</summary>
/// <param name="error">Where lines for people go.</param>
public sealed class PartialMedia(TextWriter error)
{
    private const int MostShown = 12;

    private readonly List<(string File, IncompleteMedia Media)> _written = [];

    /// <summary>Writes the file of a message, given its number, and gives the file's name; set before the first is
    /// taken.</summary>
    public Func<ulong, ReadOnlyMemory<byte>, string>? Output { get; set; }

    /// <summary>Takes what came of a message.</summary>
    /// <param name="media">The message.</param>
    /// <exception cref="IOException">Its file cannot be written.</exception>
    /// <exception cref="InvalidOperationException">There is no output yet.</exception>
    public void Take(IncompleteMedia media)
    {
        ArgumentNullException.ThrowIfNull(media);
        string file = (Output ?? throw new InvalidOperationException("There is no output yet."))(media.Number,
            media.File);
        _written.Add((file, media with { File = default })); // Their bytes are on the disk.
        CommandHost.Say(error, Line(file, media));
    }

    /// <summary>Writes the member <c>incomplete</c> of the figures: the files, and what each lacks.</summary>
    /// <param name="writer">The writer, inside of an object.</param>
    public void Write(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartArray("incomplete");
        foreach ((string file, IncompleteMedia media) in _written)
        {
            writer.WriteStartObject();
            writer.WriteNumber("message", media.Number);
            writer.WriteString("file", file);
            writer.WriteString("kind", NameOf(media.Kind));
            writer.WriteNumber("parts", media.PartCount);
            writer.WriteStartArray("missing");
            foreach (MissingPart part in media.Missing)
            {
                Write(writer, media.Kind, part);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, MessageKind kind, MissingPart part)
    {
        writer.WriteStartObject();
        if (kind == MessageKind.Video)
        {
            writer.WriteNumber("frame", part.Column);
            writer.WriteNumber("y", part.Y);
            writer.WriteNumber("height", part.Height);
        }
        else if (kind is MessageKind.Audio or MessageKind.Samples)
        {
            writer.WriteNumber("segment", part.Column);
            writer.WriteNumber("start", part.X);
            writer.WriteNumber("samples", part.Width);
        }
        else
        {
            writer.WriteNumber("column", part.Column);
            writer.WriteNumber("row", part.Row);
            writer.WriteNumber("x", part.X);
            writer.WriteNumber("y", part.Y);
            writer.WriteNumber("width", part.Width);
            writer.WriteNumber("height", part.Height);
        }

        writer.WriteEndObject();
    }

    private static string NameOf(MessageKind kind) => kind switch
    {
        MessageKind.Audio => "audio",
        MessageKind.Samples => "samples",
        MessageKind.Video => "video",
        _ => "image",
    };

    private static string Line(string file, IncompleteMedia media)
    {
        (string what, bool isInTime) = media.Kind switch
        {
            MessageKind.Audio => ("a sound, segments ", true),
            MessageKind.Samples => ("a signal, segments ", true),
            MessageKind.Video => ("a video, frames ", true),
            _ => ("an image, tiles (column, row) ", false),
        };
        bool hasStrips = media.Kind == MessageKind.Video && media.Missing.Any(part => part.Row > 0);
        isInTime &= !hasStrips;
        what = hasStrips ? "a video, strips (frame, strip) " : what;
        IEnumerable<string> shown = media.Missing.Take(MostShown).Select(part => isInTime
            ? FormattableString.Invariant($"{part.Column}")
            : FormattableString.Invariant($"({part.Column}, {part.Row})"));
        string more = media.Missing.Count > MostShown ? $" and {media.Missing.Count - MostShown} more" : "";
        return FormattableString.Invariant($"message {media.Number} is incomplete: of {what}")
            + string.Join(", ", shown) + more
            + FormattableString.Invariant($" of {media.PartCount} are missing; the rest is in {file}");
    }
}
