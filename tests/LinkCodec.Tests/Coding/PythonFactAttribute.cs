using Xunit;

namespace LinkCodec.Tests.Coding;

/// <summary>
/// A test that runs the reference in protocol-spec/reference; skipped, and said so, where Python 3 is absent.
/// </summary>
public sealed class PythonFactAttribute : FactAttribute
{
    public PythonFactAttribute()
    {
        if (Python is null)
        {
            Skip = "There is no python3 here: the reference decoder was not run.";
        }
    }

    /// <summary>The interpreter's path, or null.</summary>
    public static string? Python { get; } = new[] { "/usr/bin" }
        .Concat((Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        .SelectMany(folder => new[] { Path.Combine(folder, "python3"), Path.Combine(folder, "python3.exe") })
        .FirstOrDefault(File.Exists);
}
