using BenchmarkDotNet.Attributes;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Snapshots;
using LinkCodec.Models;

namespace LinkCodec.Benchmarks.Micro;

/// <summary>
/// The built-in snapshot from its files to work, in a process that is already warm. For a cold one see the command
/// "process".
/// </summary>
[MemoryDiagnoser(displayGenColumns: false)]
public class LoaderBenchmarks
{
    private readonly OutgoingMessage[] _one = [new OutgoingMessage(0, new byte[] { (byte)'A' })];

    /// <summary>Hashes, graph, self-test.</summary>
    [Benchmark]
    public void Load()
    {
        using Snapshot snapshot = SnapshotStore.Default.Load();
    }

    /// <summary>Loads the snapshot and codes one byte.</summary>
    [Benchmark]
    public long LoadToFirstByte()
    {
        using Snapshot snapshot = SnapshotStore.Default.Load();
        using MessageEncoder encoder = new(snapshot.Predictor, 1);
        LoneMessages batch = new(snapshot.Predictor, _one);
        encoder.Run(batch);
        return batch.Take()[0].CodedLength;
    }
}
