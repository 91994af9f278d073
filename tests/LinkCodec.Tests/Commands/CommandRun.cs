using System.Diagnostics;
using LinkCodec.Tests.Bytes;

namespace LinkCodec.Tests.Commands;

/// <summary>One run of a command as a process of its own.</summary>
internal sealed record CommandRun(int Exit, byte[] Output, string Error)
{
    public string Text => System.Text.Encoding.UTF8.GetString(Output);

    /// <summary>The one line that a failure prints.</summary>
    public string ErrorLine => Error.TrimEnd('\n').Contains('\n')
        ? throw new InvalidOperationException($"More than one line: {Error}")
        : Error.TrimEnd('\n');

    public static Task<CommandRun> ToolAsync(params string[] arguments) =>
        Start("dotnet", [Tool, .. arguments]).FinishAsync();

    /// <summary>
    /// Runs a line of bash in which <c>$T</c> is the tool, <c>$S</c> the sender and <c>$R</c> the receiver.
    /// </summary>
    public static Task<CommandRun> BashAsync(string line) => Start(
        "bash", ["-c", $"T='dotnet {Tool}' S='dotnet {PathOf("sender", "LinkCodec.Sender")}' R='dotnet "
            + $"{PathOf("receiver", "LinkCodec.Receiver")}'; {line}"]).FinishAsync();

    public static RunningCommand StartSender(params string[] arguments) =>
        Start("dotnet", [PathOf("sender", "LinkCodec.Sender"), .. arguments]);

    public static RunningCommand StartReceiver(params string[] arguments) =>
        Start("dotnet", [PathOf("receiver", "LinkCodec.Receiver"), .. arguments]);

    public static RunningCommand StartSimulator(params string[] arguments) =>
        Start("dotnet", [PathOf("simulator", "LinkCodec.Simulator"), .. arguments]);

    public static RunningCommand StartTool(
        IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        Start("dotnet", [Tool, .. arguments], environment);

    private static string Tool => PathOf("tools/LinkCodec.Tool", "LinkCodec.Tool");

    private static RunningCommand Start(string program, string[] arguments,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return new RunningCommand(Process.Start(start)!);
    }

    private static string PathOf(string project, string assembly)
    {
        // .../tests/LinkCodec.Tests/bin/CONFIGURATION/net10.0 and the same below the project
        string output = Path.GetRelativePath(TestSnapshots.Find("tests/LinkCodec.Tests"), AppContext.BaseDirectory);
        string path = Path.Combine(TestSnapshots.Find(project), output, $"{assembly}.dll");
        return File.Exists(path)
            ? path
            : throw new InvalidOperationException($"Build {project} first: {path} is missing.");
    }
}
