using LinkCodec.Benchmarks.Dev;

namespace LinkCodec.Benchmarks.Language;

/// <summary><c>language</c>: what a snapshot of a language model reaches and costs on the development data.</summary>
internal static class LanguageCommand
{
    public static int Run(string[] arguments)
    {
        if (LanguageOptions.Parse(arguments) is not { } options)
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
