using System.Text;
using LinkCodec.Core.Snapshots;
using LinkCodec.ModelBuilder.Import;
using LinkCodec.Models;
using LinkCodec.Tests.Bytes;
using LinkCodec.Tests.ModelBuilder.Import;
using Xunit;

namespace LinkCodec.Tests.Language.Inference;

/// <summary>A real model, from its file to messages that come back.</summary>
public sealed class SmolLm2SnapshotTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("linkcodec-smollm2-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SharedModelFact]
    [Trait("Category", "Long")]
    public void SmolLM2_is_imported_and_restores_two_kilobytes_of_prose_at_less_than_three_bits_a_byte()
    {
        LanguageImportReport report = LanguageImporter.Import(SharedModelFactAttribute.SmolLm2!, _folder,
            new LanguageImportOptions { Window = 512 }, _ => { }, CancellationToken.None);
        Assert.InRange(report.CodedBitsPerByte / report.FloatBitsPerByte, 0.97, 1.05);
        LanguageSealer.Seal(_folder, "smollm2", TinyImport.ContextMixing, TinyImport.Preambles());

        List<byte[]> messages = [];
        foreach (string line in File.ReadLines(TestSnapshots.Find("samples/messages/prose.txt")))
        {
            if (messages.Sum(message => message.Length) > 2000)
            {
                break;
            }

            messages.Add(Encoding.UTF8.GetBytes(line));
        }

        using Snapshot snapshot = new SnapshotStore().Load(_folder);
        List<ReadOnlyMemory<byte>> units = LanguageMessageRun.Encode(snapshot.Predictor, messages, 4);
        Assert.InRange(units.Sum(unit => unit.Length) * 8.0 / messages.Sum(message => message.Length), 0.5, 3);
        Assert.Equal(messages, LanguageMessageRun.Decode(snapshot.Predictor, units, 3));
    }
}
