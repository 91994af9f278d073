using BenchmarkDotNet.Attributes;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Framing;

namespace LinkCodec.Benchmarks.Micro;

/// <summary>
/// The built-in byte model with quantiser and range coder, on one thread: time a message byte, by streams side by side.
/// </summary>
[MemoryDiagnoser(displayGenColumns: false)]
public class ByteModelBenchmarks
{
    private const int Count = 64;
    private const int Length = 64;

    private readonly OutgoingMessage[] _messages = Samples.Messages(Count, Length);
    private List<IReadOnlyList<DataFrame>> _units = [];
    private MessageEncoder _encoder = null!;
    private FrameDecoder _decoder = null!;

    /// <summary>Streams that one call of the graph advances; 1 is a single stream.</summary>
    [Params(1, 8, 32, 64)]
    public int Lanes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _encoder = new MessageEncoder(Samples.Model, Lanes);
        _decoder = new FrameDecoder(Samples.Model, Lanes);
        _units = Samples.Units(EncodeAll());
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _encoder.Dispose();
        _decoder.Dispose();
    }

    [Benchmark(OperationsPerInvoke = Count * Length)]
    public object Encode() => EncodeAll();

    private CodedMessages[] EncodeAll()
    {
        LoneMessages batch = new(Samples.Model, _messages);
        _encoder.Run(batch);
        return batch.Take();
    }

    [Benchmark(OperationsPerInvoke = Count * Length)]
    public object Decode()
    {
        DecodingBatch batch = new(_units);
        _decoder.Run(batch);
        return batch.Results;
    }
}
