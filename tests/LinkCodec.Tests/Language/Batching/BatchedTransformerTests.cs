using LinkCodec.Models.Language.Batching;
using LinkCodec.Models.Language.Graphs;
using LinkCodec.Models.Language.Inference;
using LinkCodec.Models.Language.Store;
using LinkCodec.Tests.Coding;
using LinkCodec.Tests.Language.Store;
using Xunit;

namespace LinkCodec.Tests.Language.Batching;

/// <summary>
/// Threads that do what they like with their rows get the bits of a network of their own, whatever was beside what.
/// </summary>
public sealed class BatchedTransformerTests
{
    private const int Callers = 6;
    private const int Calls = 60;

    [Theory]
    [InlineData(1, 256, 1)]
    [InlineData(1, 3, 2)]
    [InlineData(2, 256, 3)]
    [InlineData(3, 4, 4)]
    [Spec("11.9-1")]
    public async Task Any_schedule_of_any_callers_gives_the_bits_of_each_alone(int runs, int maxRequests, ulong seed)
    {
        byte[] store = new TinyStore(TinyStore.Llama).Exact();
        using OnnxTransformer alone = Load(store);
        using BatchedTransformer shared = new(Load(store), runs, maxRequests);
        using KvCache start = alone.CreateCache(1), sharedStart = shared.CreateCache(1);
        int[] text = TinyStore.Text(TinyStore.Llama, 40, 1);
        Assert.Equal(start.Append(0, text, 1).ToArray(), sharedStart.Append(0, text, 1).ToArray());
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Factory.StartNew(
            () => Work(new TestRandom((seed * 100) + (ulong)caller), (alone, start), (shared, sharedStart)),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));
    }

    [Fact]
    [Spec("11.9-1")]
    public void Rows_of_many_caches_side_by_side_give_the_bits_of_each_alone()
    {
        byte[] store = new TinyStore(TinyStore.Llama).Exact();
        using OnnxTransformer alone = Load(store), inner = Load(store);
        using BatchedTransformer shared = new(inner, runs: 1);
        int[] sizes = [1, 3, 6, 1, 2];
        BatchedKvCache[] caches = [.. sizes.Select(rows => (BatchedKvCache)shared.CreateCache(rows))];
        KvCache[] wanted = [.. sizes.Select(alone.CreateCache)];
        using StagingCache here = new(inner, 13), there = new(inner, 13);
        TestRandom random = new(5);
        for (int round = 0; round < 120; round++)
        {
            InferenceBatch batch = new() { Stage = random.Next(3) == 0 ? there : here };
            int?[][] tokens = [.. wanted.Select(cache => Enumerable.Range(0, cache.Rows)
                .Select(row => Token(cache.Length(row))).ToArray())];
            foreach ((BatchedKvCache cache, int?[] row) in caches.Zip(tokens)
                .Where(pair => pair.Second.Any(token => token is not null)))
            {
                cache.Request.SetStep([.. row.Select(token => token ?? -1)]);
                batch.TakeStep(cache.Request, 13);
            }

            batch.Run();
            for (int c = 0; c < caches.Length; c++)
            {
                Assert.Null(caches[c].Request.Error);
                for (int row = 0; row < sizes[c]; row++)
                {
                    if (tokens[c][row] is int token)
                    {
                        Assert.Equal(wanted[c].Append(row, [token], 1),
                            caches[c].Logits.Slice(row * alone.Vocabulary, alone.Vocabulary));
                    }
                }

                int from = random.Next(sizes[c]), to = random.Next(sizes[c]),
                    length = random.Next(wanted[c].Length(from) + 1);
                if (random.Next(20) == 0)
                {
                    wanted[c].CopyRow(wanted[c], from, to);
                    caches[c].CopyRow(caches[c], from, to);
                }
                else if (random.Next(20) == 0)
                {
                    wanted[c].Truncate(from, length);
                    caches[c].Truncate(from, length);
                }
            }
        }

        int? Token(int length) => length == alone.Window || random.Next(3) == 0 ? null : random.Next(alone.Vocabulary);
    }

    private static void Work(TestRandom random, (Transformer Network, KvCache Start) alone,
        (Transformer Network, KvCache Start) shared)
    {
        int rows = 1 + random.Next(4);
        using KvCache wanted = alone.Network.CreateCache(rows), cache = shared.Network.CreateCache(rows);
        for (int call = 0; call < Calls; call++)
        {
            int row = random.Next(rows), other = random.Next(rows);
            int room = alone.Network.Window - wanted.Length(row);
            switch (random.Next(12))
            {
                case 0:
                    wanted.CopyRow(alone.Start, 0, row);
                    cache.CopyRow(shared.Start, 0, row);
                    break;
                case 1:
                    wanted.CopyRow(wanted, row, other);
                    cache.CopyRow(cache, row, other);
                    break;
                case 2:
                    int length = random.Next(wanted.Length(row) + 1);
                    wanted.Truncate(row, length);
                    cache.Truncate(row, length);
                    break;
                case 3 when room > 0:
                    int[] text = [.. Enumerable.Range(0, 1 + random.Next(room))
                        .Select(_ => random.Next(alone.Network.Vocabulary))];
                    int count = 1 + random.Next(text.Length);
                    Assert.Equal(wanted.Append(row, text, count), cache.Append(row, text, count));
                    break;
                default:
                    int[] tokens = [.. Enumerable.Range(0, rows).Select(r => wanted.Length(r) == alone.Network.Window
                        || random.Next(4) == 0 ? -1 : random.Next(alone.Network.Vocabulary))];
                    ReadOnlySpan<float> expected = wanted.Step(tokens), found = cache.Step(tokens);
                    for (int r = 0; r < rows; r++)
                    {
                        Range logits = (r * alone.Network.Vocabulary)..((r + 1) * alone.Network.Vocabulary);
                        Assert.True(tokens[r] < 0 || expected[logits].SequenceEqual(found[logits]),
                            $"row {r} of call {call}");
                    }

                    break;
            }

            for (int r = 0; r < rows; r++)
            {
                Assert.Equal(wanted.Length(r), cache.Length(r));
            }
        }
    }

    private static OnnxTransformer Load(byte[] store) =>
        OnnxTransformer.Load(TensorStoreReader.Read(store, "tiny"), GraphForm.UInt8, OnnxTransformer.DefaultOptions);
}
