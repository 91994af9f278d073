using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using LinkCodec.Core.Primitives;
using LinkCodec.Transport;
using LinkCodec.Transport.Files;
using Xunit;

namespace LinkCodec.Tests.Transport;

public sealed class FileFormatTests
{
    private static readonly JsonElement Vectors =
        JsonDocument.Parse(Repository.Read("protocol-spec/vectors/file-format.json")).RootElement;

    public static TheoryData<string> Valid => Names("valid");

    public static TheoryData<string> MustReject => Names("must_reject");

    [Theory]
    [MemberData(nameof(Valid))]
    [Spec("8.1-2")]
    [Spec("8.1-4")]
    [Spec("8.2-2")]
    [Spec("8.3-1")]
    [Spec("8.3-2")]
    [Spec("8.3-3")]
    [Spec("8.3-4")]
    [Spec("8.3-5")]
    [Spec("8.3-6")]
    public async Task A_file_gives_the_datagrams_of_its_vector(string name)
    {
        JsonElement vector = Vector("valid", name);
        byte[] file = Convert.FromHexString(vector.GetProperty("file").GetString()!);
        string[] expected = [.. vector.GetProperty("datagrams").EnumerateArray().Select(d => d.GetString()!)];

        for (int chunk = 1; chunk <= file.Length; chunk = (chunk * 2) + 1)
        {
            await using FileTransportReader reader = new(new ChunkedPipe(file, chunk));
            bool mayChain = (await reader.PeekAsync(CancellationToken.None)).MayChain;
            Assert.Equal(expected, (await ReadAllAsync(reader)).Select(Convert.ToHexStringLower));
            Assert.Equal(vector.GetProperty("skipped_bytes").GetInt64(), reader.Report.SkippedBytes);
            Assert.Equal(vector.GetProperty("may_chain").GetBoolean(), mayChain);
            Assert.Equal(file.Length, reader.Report.BytesRead);
            Assert.Equal(expected.Length, reader.Report.Datagrams);
            Assert.Equal(reader.Report.IsWhole, reader.Report.FirstDamageAt < 0);
        }
    }

    [Theory]
    [MemberData(nameof(MustReject))]
    [Spec("8.1-2")]
    [Spec("8.1-3")]
    public async Task What_is_no_such_file_is_refused_with_one_line(string name)
    {
        JsonElement vector = Vector("must_reject", name);
        byte[] file = Convert.FromHexString(vector.GetProperty("file").GetString()!);
        await using FileTransportReader reader = new(PipeReader.Create(new ReadOnlySequence<byte>(file)), "in.link");

        LinkException refused = await Assert.ThrowsAsync<LinkException>(() => ReadAllAsync(reader));

        Assert.Equal(vector.GetProperty("error").GetString(), refused.Code.ToString());
        Assert.StartsWith("in.link: ", refused.Message, StringComparison.Ordinal);
        Assert.Same(refused, await Assert.ThrowsAsync<LinkException>(() => ReadAllAsync(reader)));
    }

    [Fact]
    [Spec("8.1-1")]
    [Spec("8.2-1")]
    public async Task What_the_writer_writes_is_what_the_vector_says()
    {
        JsonElement vector = Vector("valid", "three datagrams");
        MemoryStream stream = new();
        await using (FileTransportWriter writer = new(PipeWriter.Create(stream)))
        {
            foreach (JsonElement datagram in vector.GetProperty("datagrams").EnumerateArray())
            {
                await writer.SendAsync(Convert.FromHexString(datagram.GetString()!));
            }

            Assert.Equal(vector.GetProperty("file").GetString()!.Length / 2, writer.BytesWritten);
        }

        Assert.Equal(vector.GetProperty("file").GetString(), Convert.ToHexStringLower(stream.ToArray()));
        MemoryStream empty = new();
        await new FileTransportWriter(PipeWriter.Create(empty)).DisposeAsync();
        Assert.Equal(Vector("valid", "empty").GetProperty("file").GetString(),
            Convert.ToHexStringLower(empty.ToArray()));
    }

    [Fact]
    [Spec("8.3-2")]
    public async Task One_damaged_place_costs_at_most_two_datagrams()
    {
        const ulong Seed = 0x10ad;
        for (ulong run = 0; run < 200; run++)
        {
            RandomSource random = RandomSource.FromSeed(Seed + run);
            List<byte[]> sent = [.. Enumerable.Range(0, 20)
                .Select(_ => Bytes(random, 1 + (int)(random.NextUInt64() % 400)))];
            byte[] file = await WriteAsync(sent);
            int at = 12 + (int)(random.NextUInt64() % (ulong)(file.Length - 12));
            file[at] ^= (byte)(1 + (random.NextUInt64() % 255));

            await using FileTransportReader reader = new(PipeReader.Create(new ReadOnlySequence<byte>(file)));
            HashSet<string> got = [.. (await ReadAllAsync(reader)).Select(Convert.ToHexString)];

            int lost = sent.Count(d => !got.Contains(Convert.ToHexString(d)));
            Assert.True(lost <= 2, $"seed {Seed + run}: one byte at {at} cost {lost} datagrams");
        }
    }

    [Fact]
    [Spec("8.3-7")]
    public async Task Hostile_files_are_read_in_bounded_memory_and_linear_time()
    {
        byte[] file = new byte[8 + (1 << 20)];
        FileFormat.WriteHeader(file, isChained: false);
        for (int i = 8; i + 6 <= file.Length; i += 6)
        {
            FileFormat.WriteRecordHeader(file.AsSpan(i), 0xFFF1); // Every six bytes a record that is not framed.
        }

        CountingPool pool = new();
        PipeReader pipe = PipeReader.Create(new MemoryStream(file),
            new StreamPipeReaderOptions(pool, bufferSize: 4096));
        FileTransportReader reader = new(pipe);
        byte[] buffer = new byte[reader.MaxDatagramSize];
        int most = 0;
        while (!(await reader.ReceiveAsync(buffer)).IsEnd)
        {
            most = Math.Max(most, pool.Outstanding);
        }

        await reader.DisposeAsync();
        Assert.InRange(most * 4096, 0, 256 * 1024);
        Assert.Equal(0, pool.Outstanding);
        Assert.Equal(file.Length, reader.Report.BytesRead);
    }

    internal static async Task<byte[]> WriteAsync(IEnumerable<byte[]> datagrams)
    {
        MemoryStream stream = new();
        await using (FileTransportWriter writer = new(PipeWriter.Create(stream)))
        {
            foreach (byte[] datagram in datagrams)
            {
                await writer.SendAsync(datagram);
            }
        }

        return stream.ToArray();
    }

    internal static async Task<List<byte[]>> ReadAllAsync(FileTransportReader reader)
    {
        List<byte[]> all = [];
        byte[] buffer = new byte[reader.MaxDatagramSize];
        while (await reader.ReceiveAsync(buffer) is { IsEnd: false } datagram)
        {
            all.Add(buffer[..datagram.Length]);
        }

        return all;
    }

    private static byte[] Bytes(RandomSource random, int length)
    {
        byte[] bytes = new byte[length];
        random.Fill(bytes);
        return bytes;
    }

    private static JsonElement Vector(string kind, string name) =>
        Vectors.GetProperty(kind).EnumerateArray().Single(v => v.GetProperty("name").GetString() == name);

    private static TheoryData<string> Names(string kind) =>
        [.. Vectors.GetProperty(kind).EnumerateArray().Select(v => v.GetProperty("name").GetString()!)];
}
