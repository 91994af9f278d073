using LinkCodec.Core.Primitives;

namespace LinkCodec.ModelBuilder.ModelFiles;

/// <summary>The errors of model files, each one line.</summary>
internal static class ModelFileError
{
    private const int MaxShown = 60;

    /// <summary>The file is no model that this library reads.</summary>
    internal static LinkException Refused(string path, string message, Exception? cause = null) =>
        new(LinkErrorCode.SnapshotNotFound, $"{path}: {message}", cause);

    /// <summary>The file asks for more than any model needs.</summary>
    internal static LinkException TooLarge(string path, string message) =>
        new(LinkErrorCode.LimitExceeded, $"{path}: {message}");

    /// <summary>A text of the file as it may stand in a message: short, and without control characters.</summary>
    internal static string Shown(string text)
    {
        string start = text.Length > MaxShown ? text[..MaxShown] + "..." : text;
        return string.Create(start.Length, start, (span, from) =>
        {
            for (int i = 0; i < span.Length; i++)
            {
                bool isPlain = !char.IsControl(from[i]) && !char.IsSurrogate(from[i])
                    && from[i] is not ('\u2028' or '\u2029');
                span[i] = isPlain ? from[i] : '?';
            }
        });
    }
}
