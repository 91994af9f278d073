using LinkCodec.Benchmarks.Dev;
using LinkCodec.CommandLine;

namespace LinkCodec.Benchmarks.WholeProcess;

/// <summary>A table that is made of the development data, with a folder for files that are needed meanwhile.</summary>
internal static class DataTable
{
    /// <summary>Makes the table and prints it, or puts it into a document.</summary>
    /// <param name="data">The folder that was asked for, or null.</param>
    /// <param name="document">The document; null to print.</param>
    /// <param name="part">The name of the document's part.</param>
    /// <param name="makeAsync">Makes the table, of the data's folder and the one to work in.</param>
    public static async Task<int> WriteAsync(string? data, string? document, string part,
        Func<string, string, Task<string>> makeAsync)
    {
        if (DevFiles.Find(data) is not { } folder)
        {
            Console.WriteLine("skipped: no data (see --help)");
            return CommandHost.Success;
        }

        DirectoryInfo work = Directory.CreateTempSubdirectory($"linkcodec-{part}-");
        try
        {
            string table = await makeAsync(folder, work.FullName);
            if (document is not null)
            {
                MarkedText.Replace(document, part, table);
            }
            else
            {
                Console.WriteLine(table);
            }
        }
        finally
        {
            work.Delete(recursive: true);
        }

        return CommandHost.Success;
    }
}
