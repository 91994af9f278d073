using System.Text.Json;
using LinkCodec.CommandLine;
using LinkCodec.Media;

namespace LinkCodec.Receiver;

/// <summary>Writes images and sounds of which parts were lost beside the messages, and says what they lack.</summary>
/// <param name="error">Where lines for people go.</param>
internal sealed class PartialMedia(TextWriter error)
{
    private const int MostShown = 12;

    private readonly List<(string File, IncompleteMedia Media)> _written = [];

    /// <summary>Where the files go.</summary>
    public FolderOutput? Folder { get; set; }

    /// <summary>Takes an image or a sound.</summary>
    /// <exception cref="IOException">Its file cannot be written.</exception>
    public void Take(IncompleteMedia media)
    {
        string file = Folder!.WritePartial(media.Number, media.File.Span);
        _written.Add((file, media with { File = default })); // Their bytes are on the disk.
        CommandHost.Say(error, Line(file, media));
    }

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("incomplete");
        foreach ((string file, IncompleteMedia media) in _written)
        {
            writer.WriteStartObject();
            writer.WriteNumber("message", media.Number);
            writer.WriteString("file", file);
            writer.WriteString("kind", media.Kind == MessageKind.Audio ? "audio" : "image");
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
        if (kind == MessageKind.Audio)
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

    private static string Line(string file, IncompleteMedia media)
    {
        bool isSound = media.Kind == MessageKind.Audio;
        IEnumerable<string> shown = media.Missing.Take(MostShown).Select(part => isSound
            ? FormattableString.Invariant($"{part.Column}")
            : FormattableString.Invariant($"({part.Column}, {part.Row})"));
        string more = media.Missing.Count > MostShown ? $" and {media.Missing.Count - MostShown} more" : "";
        return FormattableString.Invariant($"message {media.Number} is incomplete: of ")
            + (isSound ? "a sound, segments " : "an image, tiles (column, row) ") + string.Join(", ", shown) + more
            + $" of {media.PartCount} are missing; the rest is in {file}";
    }
}
