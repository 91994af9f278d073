using System.Text;
using LinkCodec.Core.Snapshots;
using LinkCodec.ModelBuilder.Import;
using LinkCodec.Models;
using LinkCodec.Models.Language.Tokenization;
using LinkCodec.Tests.Bytes;
using LinkCodec.Tests.Language.Tokenization;
using LinkCodec.Tests.ModelBuilder.ModelFiles;

namespace LinkCodec.Tests.ModelBuilder.Import;

/// <summary>
/// Snapshots of small random models, made as a model of any size is: imported and sealed with the context mixing that
/// ships.
/// </summary>
internal static class TinyImport
{
    internal const int Window = 64;

    internal static SnapshotFiles ContextMixing =>
        new SnapshotStore().Find(TestSnapshots.Find("models/snapshots/flight-1"));

    /// <summary>What the importer writes.</summary>
    internal static void WriteFiles(string folder, string family = "llama")
    {
        TokenTable tokens = TinyVocabulary.ByteLevel().ToTable();
        using MemoryWeights weights = new(new TinyModel(family) { Vocabulary = tokens.Count });
        LanguageImporter.Import(weights, tokens, folder, new LanguageImportOptions { Window = Window }, _ => { },
            CancellationToken.None);
    }

    /// <summary>A sealed snapshot.</summary>
    internal static SnapshotManifest Seal(string folder, string family = "llama")
    {
        WriteFiles(folder, family);
        return LanguageSealer.Seal(folder, "tiny", ContextMixing, Preambles("json", "prose"));
    }

    internal static Dictionary<string, ReadOnlyMemory<byte>> Preambles(params string[] profiles) =>
        profiles.ToDictionary(profile => profile, profile => (ReadOnlyMemory<byte>)Text(40 + profile.Length));

    /// <summary>
    /// Words that are tokens of the tiny vocabulary, so that a message of them is text to it; the same number, the same
    /// text.
    /// </summary>
    internal static byte[] Text(int words)
    {
        string[] some = [" the", " a", "hello", " world", "日本", "éé", "🚀", "aaaa", "123", "\r\n"];
        StringBuilder text = new();
        uint state = (uint)words + 1;
        for (int i = 0; i < words; i++)
        {
            state = (state * 1_664_525) + 1_013_904_223;
            text.Append(some[(state >> 8) % (uint)some.Length]);
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
