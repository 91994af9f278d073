using System.CommandLine;
using System.IO.Pipelines;
using LinkCodec.Baselines;
using LinkCodec.CommandLine;
using LinkCodec.Core.Primitives;
using LinkCodec.Streams;
using LinkCodec.Transport.Files;

namespace LinkCodec.Benchmarks.WholeProcess;

/// <summary>
/// A peer for the real sender and receiver: messages become blocks of zstd that fill a datagram each, in a file that
/// <c>linkcodec-sender --messages u32le --kind compressed</c> sends, and the file that was received becomes messages
/// again.
/// </summary>
internal static class BlocksCommand
{
    private const int MostRestored = 1 << 26;

    public static Command Create(Dictionary<Command, string> examples)
    {
        Command blocks = new("blocks", "Messages as blocks of zstd 19 that fill a datagram each, and back: a peer for "
            + "linkcodec-sender --messages u32le --kind compressed.")
        {
            CreateOne("join", "Makes a file of blocks from a file of messages.", examples, JoinAsync),
            CreateOne("split", "Makes the messages from a file of blocks.", examples, SplitAsync),
        };
        examples[blocks] = "LinkCodec.Benchmarks blocks join metar.txt -o metar.blocks --train other-metar.txt";
        return blocks;
    }

    private static Command CreateOne(string name, string description, Dictionary<Command, string> examples,
        Func<string, Stream, MessageFormat, BlockCodec, int, Task<string>> workAsync)
    {
        Argument<string> input = new("INPUT") { Description = "The file to read." };
        Option<string> output = new("--output", "-o") { Description = "The file to write.", Required = true };
        Option<string> messages = new("--messages")
        {
            Description = "How messages stand in their files: lines, rs, u32le or whole. Blocks are u32le.",
            DefaultValueFactory = _ => "lines",
        };
        Option<string?> train = new("--train")
        {
            Description = "File with other messages, to train a dictionary with: the same at both ends.",
        };
        Option<int> mtu = NumberOptions.Mtu();
        Command command = new(name, description) { input, output, messages, train, mtu };
        examples[command] = $"LinkCodec.Benchmarks blocks {name} INPUT -o OUTPUT --train other-metar.txt";
        command.SetAction(async (parsed, cancel) =>
        {
            string path = parsed.GetValue(input)!;
            MessageFormat format = LinkArguments.ReadFormat(parsed.GetValue(messages)!);
            try
            {
                byte[] dictionary = parsed.GetValue(train) is { } file
                    ? ZstdDictionary.TrainForSegments(
                        [.. (await ReadAsync(file, format)).Select(message => message.ToArray())])
                    : [];
                using ZstdBaseline zstd = new(dictionary);
                await using OutputFile made = OutputFile.Create(parsed.GetValue(output)!, [path]);
                string done = await workAsync(path, made.Stream, format, new BlockCodec(zstd), parsed.GetValue(mtu));
                made.Commit();
                await parsed.InvocationConfiguration.Output.WriteLineAsync(done);
                return CommandHost.Success;
            }
            catch (BaselineException e)
            {
                throw new LinkException(e.Message);
            }
        });
        return command;
    }

    private static async Task<string> JoinAsync(string input, Stream output, MessageFormat format, BlockCodec codec,
        int mtu)
    {
        List<ReadOnlyMemory<byte>> messages = await ReadAsync(input, format);
        SegmentFiller filler = new(codec, number => SegmentRoom.Of(mtu, number));
        List<PackedBlock> blocks = [.. filler.Fill(messages)];
        await WriteAsync(output, MessageFormat.LengthPrefixed, blocks.Select(block => block.Content));
        return $"{messages.Count} messages, {messages.Sum(message => (long)message.Length)} bytes: "
            + $"{blocks.Count} blocks, {blocks.Sum(block => (long)block.Content.Length)} bytes";
    }

    private static async Task<string> SplitAsync(string input, Stream output, MessageFormat format, BlockCodec codec,
        int mtu)
    {
        List<ReadOnlyMemory<byte>> blocks = await ReadAsync(input, MessageFormat.LengthPrefixed);
        List<byte[]> messages = [.. blocks.SelectMany(block => codec.Unpack(block.Span, MostRestored))];
        await WriteAsync(output, format, messages);
        return $"{blocks.Count} blocks: {messages.Count} messages, "
            + $"{messages.Sum(message => (long)message.Length)} bytes";
    }

    private static async Task<List<ReadOnlyMemory<byte>>> ReadAsync(string path, MessageFormat format)
    {
        await using FileStream file = File.OpenRead(path);
        List<ReadOnlyMemory<byte>> messages = [];
        await foreach (ReadOnlyMemory<byte> message in MessageStreamReader.ReadAllAsync(PipeReader.Create(file),
            format, maxMessageSize: MostRestored))
        {
            messages.Add(message.ToArray());
        }

        return messages;
    }

    private static async Task WriteAsync(Stream output, MessageFormat format, IEnumerable<byte[]> messages)
    {
        PipeWriter pipe = PipeWriter.Create(output, new StreamPipeWriterOptions(leaveOpen: true));
        MessageStreamWriter writer = new(pipe, format);
        foreach (byte[] message in messages)
        {
            await writer.WriteAsync(message);
        }

        await pipe.CompleteAsync();
    }
}
