using System.CommandLine;
using System.CommandLine.Help;
using System.Text;
using System.Text.Json;
using LinkCodec.Core.Primitives;

namespace LinkCodec.CommandLine;

/// <summary>
/// The contract of every command: exit code 0, 1 or 2, one clear line on standard error, JSON alone on standard output,
/// Ctrl-C stops cleanly.
/// </summary>
public static class CommandHost
{
    public const int Success = 0;
    public const int Failure = 1;
    public const int WrongUsage = 2;

    /// <summary>Parses and runs.</summary>
    /// <param name="name">The command's name as a person types it.</param>
    /// <param name="root">The commands.</param>
    /// <param name="examples">One example for each command, shown by --help.</param>
    /// <param name="args">The arguments that the process was given.</param>
    /// <param name="output">Standard output.</param>
    /// <param name="error">Standard error.</param>
    /// <param name="cancellationToken">Stops the command as Ctrl-C does.</param>
    /// <remarks>
    /// A command throws <see cref="UsageException"/> for wrong usage and <see cref="LinkException"/> for failure.
    /// </remarks>
    public static async Task<int> RunAsync(
        string name,
        RootCommand root,
        IReadOnlyDictionary<Command, string> examples,
        string[] args,
        TextWriter output,
        TextWriter error,
        CancellationToken cancellationToken = default)
    {
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new ExampleHelpAction((HelpAction)help.Action!, name, examples);

        // A file's name may begin with @.
        ParseResult parsed = root.Parse(RawArguments.Restore(args),
            new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
        {
            string usage = string.Join(' ', Path(parsed.CommandResult.Command, name));
            return Fail(error, WrongUsage, $"{parsed.Errors[0].Message.TrimEnd('.')} (see: {usage} --help)");
        }

        InvocationConfiguration configuration = new()
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = TimeSpan.FromSeconds(5),
        };
        try
        {
            return await parsed.InvokeAsync(configuration, cancellationToken).ConfigureAwait(false);
        }
        catch (UsageException e)
        {
            return Fail(error, WrongUsage, e.Message);
        }
        catch (Exception e) when (e is LinkException or LinkFaultException or LinkReplacedException or IOException
            or UnauthorizedAccessException)
        {
            return Fail(error, Failure, e.Message);
        }
        catch (OperationCanceledException)
        {
            return Fail(error, Failure, "stopped before the work was done.");
        }
        catch (Exception e)
        {
            return Fail(error, Failure, $"this is a fault of {name}: {e.GetType().Name}: {e.Message}");
        }
    }

    /// <summary>Says one line to a person, beside the result: whatever it quotes commands no terminal.</summary>
    public static void Say(TextWriter error, string line)
    {
        ArgumentNullException.ThrowIfNull(error);
        ArgumentNullException.ThrowIfNull(line);
        error.WriteLine(PlainText.Of(line.ReplaceLineEndings(" ").Trim()));
    }

    /// <summary>Writes one JSON object on one line.</summary>
    public static void WriteJson(TextWriter output, Action<Utf8JsonWriter> members)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        output.WriteLine(Encoding.UTF8.GetString(stream.ToArray()));
    }

    private static int Fail(TextWriter error, int code, string message)
    {
        Say(error, $"error: {message}");
        return code;
    }

    private static IEnumerable<string> Path(Command command, string name) =>
        command.Parents.OfType<Command>().FirstOrDefault() is Command parent
            ? [.. Path(parent, name), command.Name]
            : [name];
}
