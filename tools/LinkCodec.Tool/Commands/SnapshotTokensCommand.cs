using System.Buffers.Binary;
using System.CommandLine;
using LinkCodec.CommandLine;
using LinkCodec.Models;
using LinkCodec.Models.Language;
using LinkCodec.Tool.Comparison;
using LinkCodec.Transport.Files;

namespace LinkCodec.Tool.Commands;

/// <summary>
/// <c>snapshot tokens</c>: the tokens that a language model's snapshot codes messages by, for training on precisely
/// these.
/// </summary>
internal static class SnapshotTokensCommand
{
    private const int BetweenMessages = -1;

    public static Command Create(Dictionary<Command, string> examples)
    {
        Argument<string> which = new("NAME|PATH")
        {
            Description =
                "Label, first digits of the name, or folder (with a separator: ./mine) of a language model's snapshot.",
        };
        Argument<string> input = new("INPUT") { Description = "The file with messages." };
        Option<string> output = new("--output", "-o")
        {
            Description = "The file to write: 4 bytes little-endian for each token, -1 between messages, -2 - b for a "
                + "byte b that no token spells.",
            Required = true,
        };
        Option<string> messages = new("--messages")
        {
            Description = "lines, rs, u32le or whole.",
            DefaultValueFactory = _ => "lines",
        };
        Option<bool> json = new("--json") { Description = "Print one JSON object." };
        Command tokens = new("tokens", "Writes the tokens that a language model's snapshot codes messages by.") { which,
            input, output, messages, json };
        examples[tokens] = "linkcodec snapshot tokens ./smollm2 notes.txt -o notes.tokens";
        tokens.SetAction(async (parsed, cancel) =>
        {
            MessageFormat format = LinkArguments.ReadFormat(parsed.GetValue(messages)!);
            SnapshotTokenizer tokenizer = SnapshotTokenizer.Open(SnapshotStore.Default.Find(parsed.GetValue(which)!));
            MessageSet set = await MessageSet.ReadAsync([parsed.GetValue(input)!], format, cancel);
            string path = parsed.GetValue(output)!;
            long written = 0;
            await using (OutputFile file = OutputFile.Create(path, parsed.GetValue(input)!))
            {
                List<int> elements = [];
                for (int i = 0; i < set.Messages.Count; i++)
                {
                    cancel.ThrowIfCancellationRequested();
                    elements.Clear();
                    tokenizer.Encode(set.Messages[i], elements);
                    written += elements.Count;
                    Write(file.Stream, elements, isFirst: i == 0);
                }

                file.Commit();
            }

            SnapshotFacts.Print(
                parsed.GetValue(json),
                StandardStreams.Figures(parsed.InvocationConfiguration, path),
                ("messages", set.Messages.Count),
                ("bytes", set.RawBytes),
                ("tokens", written),
                ("vocabulary", tokenizer.Count),
                ("begin_token", tokenizer.BeginToken));
            return CommandHost.Success;
        });
        return tokens;
    }

    private static void Write(Stream file, List<int> elements, bool isFirst)
    {
        Span<byte> number = stackalloc byte[sizeof(int)];
        if (!isFirst)
        {
            Put(number, BetweenMessages);
        }

        foreach (int element in elements)
        {
            Put(number, element >= 0 ? element : element - 1);
        }

        void Put(Span<byte> bytes, int value)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
            file.Write(bytes);
        }
    }
}
