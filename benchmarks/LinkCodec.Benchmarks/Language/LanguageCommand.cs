using System.CommandLine;

namespace LinkCodec.Benchmarks.Language;

/// <summary><c>language</c>: what a snapshot of a language model reaches and costs on the development data.</summary>
internal static class LanguageCommand
{
    public static Command Create(Dictionary<Command, string> examples)
    {
        LanguageArguments arguments = new();
        Command language = new("language", "A language model's snapshot on the development data: English beside the "
            + "model in floats, prose beside zpaq, structured messages, speed, round trips in other batches.");
        foreach (Option option in arguments.All)
        {
            language.Options.Add(option);
        }

        examples[language] = "LinkCodec.Benchmarks language --snapshot smollm2 --model SmolLM2-135M-Instruct.Q4_1.gguf";
        language.SetAction(parsed => Run(arguments.Read(parsed)));
        return language;
    }

    private static int Run(LanguageOptions? asked)
    {
        if (asked is not { } options)
        {
            Console.WriteLine("skipped: no development data; name a folder with dev/ and train/ in it: --data DIR");
            return 0;
        }

        using LanguageSubject subject = new(options.Snapshot);
        string text = new LanguageReport(options, new LanguageRun(options, subject).Run()).Text(subject.Manifest);
        if (options.Write is { } document)
        {
            MarkedText.Replace(document, "language", text);
            Console.Error.WriteLine($"written into {document}");
        }
        else
        {
            Console.WriteLine(text);
        }

        return 0;
    }
}
