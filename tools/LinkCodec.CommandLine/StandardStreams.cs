using LinkCodec.Transport.Files;

namespace LinkCodec.CommandLine;

/// <summary>Standard input, output and error, as they are: open, closed, files, pipes or terminals.</summary>
public static class StandardStreams
{
    /// <summary>Standard output for text. Closed, its first write is an <see cref="IOException"/>.</summary>
    public static TextWriter Output =>
        StandardFiles.IsOpen(1) ? Console.Out : Text(new GuardedStream(null, isQuiet: false));

    /// <summary>Standard error for text, which never fails: nobody could be told.</summary>
    public static TextWriter Error =>
        Text(new GuardedStream(StandardFiles.IsOpen(2) ? Console.OpenStandardError() : null, isQuiet: true));

    /// <summary>Opens standard output for bytes.</summary>
    /// <exception cref="IOException">The stream is closed.</exception>
    public static Stream OpenOutput() => StandardFiles.OpenOutput();

    /// <summary>Opens a file for reading, or standard input for <c>-</c>.</summary>
    /// <exception cref="IOException">The file cannot be opened, or standard input is closed.</exception>
    public static Stream OpenInput(string path) =>
        StandardFiles.IsInput(path) ? StandardFiles.OpenInput() : File.OpenRead(path);

    /// <summary>Whether an output's path means standard output, so that figures go to standard error.</summary>
    public static bool IsOutput(string path) => StandardFiles.IsOutput(path);

    /// <summary>The stream that the figures go to beside an output.</summary>
    public static TextWriter Figures(System.CommandLine.InvocationConfiguration console, string output) =>
        IsOutput(output) ? console.Error : console.Output;

    private static TextWriter Text(Stream stream) =>
        TextWriter.Synchronized(new StreamWriter(stream) { AutoFlush = true });
}
