using LinkCodec.Baselines;
using LinkCodec.CommandLine;
using LinkCodec.Core.Primitives;
using LinkCodec.Models;

namespace LinkCodec.Simulator.Runs;

/// <summary>The codecs that a run compares, by their names on the command line.</summary>
internal static class RunCodecs
{
    private const string LinkCodecName = "linkcodec";
    private const string DictionaryName = "zstd-dict";
    private const string InSegments = "-segments";

    private static readonly string[] Peers = [DictionaryName, "zstd", "brotli", "deflate", "raw"];

    /// <summary>
    /// Every name, in the order of the tables: LinkCodec, the others in whole segments, and message by message.
    /// </summary>
    public static IReadOnlyList<string> Names { get; } =
        [LinkCodecName, .. Peers.Select(peer => peer + InSegments), .. Peers];

    /// <summary>Makes the codecs that were asked for, or all that can be had.</summary>
    /// <param name="wanted">Names, each once; null for all that this machine and the other options allow.</param>
    /// <param name="snapshot">The snapshot that LinkCodec uses.</param>
    /// <param name="device">The device that the model runs on, if it is a language model.</param>
    /// <param name="examples">Messages to train a dictionary with, or null.</param>
    /// <returns>Owned by the caller.</returns>
    /// <exception cref="UsageException">An unknown name, one given twice, or a dictionary without examples.</exception>
    /// <exception cref="LinkException">There is no such snapshot, or it is damaged.</exception>
    /// <exception cref="BaselineException">The examples are too few to train a dictionary.</exception>
    public static IReadOnlyList<RunCodec> Create(IReadOnlyList<string>? wanted, string snapshot, ModelDevice device,
        IReadOnlyCollection<byte[]>? examples)
    {
        IReadOnlyList<string> names = wanted
            ?? [.. Names.Where(name => !NeedsExamples(name) || examples is not null)];
        Check(names, examples is not null);
        List<RunCodec> codecs = [];
        try
        {
            foreach (string name in names)
            {
                codecs.Add(name == LinkCodecName
                    ? RunCodec.LinkCodec(snapshot, device)
                    : RunCodec.Of(name, Baseline(name, examples), FillsSegments(name)));
            }

            return codecs;
        }
        catch
        {
            codecs.ForEach(codec => codec.Dispose());
            throw;
        }
    }

    private static void Check(IReadOnlyList<string> names, bool hasExamples)
    {
        string? unknown = names.FirstOrDefault(name => !Names.Contains(name));
        if (unknown is not null || names.Count == 0)
        {
            throw new UsageException($"--codecs {unknown}: expected names of {string.Join(", ", Names)}");
        }

        if (names.Distinct().Count() < names.Count)
        {
            throw new UsageException("--codecs names a codec twice");
        }

        if (names.FirstOrDefault(NeedsExamples) is { } hungry && !hasExamples)
        {
            throw new UsageException($"--codecs {hungry} needs --train FILE, with other messages of the same kind");
        }
    }

    private static bool FillsSegments(string name) => name.EndsWith(InSegments, StringComparison.Ordinal);

    private static bool NeedsExamples(string name) => name is DictionaryName or (DictionaryName + InSegments);

    private static IBaselineCodec Baseline(string name, IReadOnlyCollection<byte[]>? examples) =>
        name.Replace(InSegments, "", StringComparison.Ordinal) switch
        {
            "raw" => new RawBaseline(),
            "deflate" => new DeflateBaseline(),
            "brotli" => new BrotliBaseline(),
            DictionaryName => new ZstdBaseline(FillsSegments(name)
                ? ZstdDictionary.TrainForSegments(examples!)
                : ZstdDictionary.Train(examples!)),
            _ => new ZstdBaseline(),
        };
}
