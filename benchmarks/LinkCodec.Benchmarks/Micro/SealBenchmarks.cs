using BenchmarkDotNet.Attributes;
using LinkCodec.Core.Security;

namespace LinkCodec.Benchmarks.Micro;

/// <summary>ChaCha20-Poly1305 around segments of 1200 bytes: time a plaintext byte.</summary>
[MemoryDiagnoser(displayGenColumns: false)]
public class SealBenchmarks
{
    private const int Segments = 256;
    private readonly byte[] _key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private readonly byte[] _plaintext = new byte[Samples.UnitSize];
    private readonly byte[] _sealed = new byte[Samples.UnitSize + SegmentSealer.Overhead];
    private readonly byte[][] _datagrams = new byte[Segments][];

    [GlobalSetup]
    public void Setup()
    {
        using SegmentSealer sealer = new(_key, tag: 1);
        for (int i = 0; i < Segments; i++)
        {
            _datagrams[i] = new byte[_sealed.Length];
            sealer.TrySeal(_plaintext, _datagrams[i], out _, out _);
        }
    }

    [Benchmark(OperationsPerInvoke = Segments * Samples.UnitSize)]
    public ulong Seal()
    {
        using SegmentSealer sealer = new(_key, tag: 1);
        ulong last = 0;
        for (int i = 0; i < Segments; i++)
        {
            sealer.TrySeal(_plaintext, _sealed, out last, out _);
        }

        return last;
    }

    /// <summary>A new opener each time: it opens a segment only once.</summary>
    [Benchmark(OperationsPerInvoke = Segments * Samples.UnitSize)]
    public int Open()
    {
        using SegmentOpener opener = new(_key, tag: 1);
        int opened = 0;
        foreach (byte[] datagram in _datagrams)
        {
            opened += opener.TryOpen(datagram, _plaintext, out _, out _) ? 1 : 0;
        }

        return opened == Segments ? opened : throw new InvalidOperationException("A segment did not open.");
    }
}
