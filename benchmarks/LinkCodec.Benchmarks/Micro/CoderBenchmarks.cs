using BenchmarkDotNet.Attributes;
using LinkCodec.Core.Coding;
using LinkCodec.Core.Prediction;

namespace LinkCodec.Benchmarks.Micro;

/// <summary>Quantiser and range coder without any model: time a symbol of 257, which is a message byte.</summary>
[MemoryDiagnoser(displayGenColumns: false)]
public class CoderBenchmarks
{
    private const int Symbols = 1024;
    private const int Bits = 20;
    private readonly FrequencyQuantiser _quantiser = new(Predictor.ByteAlphabet, Bits);
    private readonly RangeEncoder _encoder = new();
    private readonly uint[] _weights = new uint[Predictor.ByteAlphabet];
    private readonly int[] _symbols = new int[Symbols];
    private byte[] _code = [];

    [GlobalSetup]
    public void Setup()
    {
        for (int i = 0; i < _weights.Length; i++)
        {
            _weights[i] = Predictor.MaxWeight / (uint)((i + 1) * (i + 1));
        }

        for (int i = 0; i < Symbols; i++)
        {
            _symbols[i] = i * 7919 % 19;
        }

        Encode();
        _code = _encoder.Finish().ToArray();
    }

    /// <summary>Prefix sums over 257 weights.</summary>
    [Benchmark(OperationsPerInvoke = Symbols)]
    public void Load()
    {
        for (int i = 0; i < Symbols; i++)
        {
            _quantiser.Load(_weights);
        }
    }

    /// <summary>Prefix sums, two divisions, one interval coded.</summary>
    [Benchmark(OperationsPerInvoke = Symbols)]
    public int Encode()
    {
        _encoder.Reset();
        foreach (int symbol in _symbols)
        {
            _quantiser.Load(_weights);
            (uint cumulative, uint frequency) = _quantiser.Interval(symbol);
            _encoder.Encode(cumulative, frequency, Bits);
        }

        return _encoder.MaxLength;
    }

    /// <summary>Prefix sums, a binary search of eight or nine divisions, one interval left.</summary>
    [Benchmark(OperationsPerInvoke = Symbols)]
    public int Decode()
    {
        RangeDecoder decoder = new(_code);
        int sum = 0;
        for (int i = 0; i < Symbols; i++)
        {
            _quantiser.Load(_weights);
            sum += _quantiser.Find(decoder.Peek(Bits), out uint cumulative, out uint frequency);
            decoder.Consume(_code, cumulative, frequency, Bits);
        }

        return sum;
    }
}
