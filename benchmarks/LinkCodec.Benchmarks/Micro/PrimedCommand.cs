using System.CommandLine;
using System.Globalization;
using LinkCodec.Benchmarks.Dev;
using LinkCodec.Core.PrimedMixing;
using LinkCodec.ModelBuilder.Training;

namespace LinkCodec.Benchmarks.Micro;

/// <summary>
/// Trains the tables of primed mixing, which are part of the protocol: other tables are another format.
/// </summary>
internal static class PrimedCommand
{
    // The last byte alone has few contexts.
    private static readonly int[] Bits = [13, 15, 15, 15, 15, 15, 15, 15];

    public static Command Create(Dictionary<Command, string> examples)
    {
        Option<string?> data = Options.Data();
        Option<string> output = new("--out")
        {
            Description = "The file that gets the tables.",
            DefaultValueFactory = _ => "protocol-spec/vectors/primed-tables.bin",
        };
        Command command = new("primed", "Trains the tables of primed mixing on the train part of the data, without "
            + "mail, and says what they cost on what was held back.") { data, output };
        examples[command] = "LinkCodec.Benchmarks primed --out primed-tables.bin";
        command.SetAction(parsed =>
        {
            if (DevFiles.Find(parsed.GetValue(data)) is not { } folder)
            {
                Console.WriteLine("skipped: no data (see --help)");
                return;
            }

            PrimedSamples samples = PrimedSamples.Pick(Read(Path.Combine(folder, "train")));
            PrimedTrainer trainer = new(Bits);
            trainer.Prime(samples.Priming);
            PrimedModel model = trainer.Fit(samples.Fitting, bits => parsed.InvocationConfiguration.Output.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"{bits:F4} bits a byte of what was held back")));
            File.WriteAllBytes(parsed.GetValue(output)!, PrimedFile.Pack(PrimedFile.Write(model)));
        });
        return command;
    }

    private static List<TrainingFile> Read(string folder)
    {
        List<TrainingFile> files = [];
        foreach (string kind in (ReadOnlySpan<string>)["telemetry", "text", "weather"])
        {
            IEnumerable<string> paths = Directory.EnumerateFiles(Path.Combine(folder, kind), "*.xz")
                .Where(path => !Path.GetFileName(path).StartsWith("email", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal);
            files.AddRange(paths.Select(path => new TrainingFile(Path.GetFileName(path),
                [.. DevFiles.Read(path, cut: 0).Select(message => (ReadOnlyMemory<byte>)message)])));
        }

        return files;
    }
}
