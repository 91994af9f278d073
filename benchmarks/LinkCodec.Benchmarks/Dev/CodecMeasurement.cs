using System.Diagnostics;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Framing;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Security;

namespace LinkCodec.Benchmarks.Dev;

/// <summary>Messages through the codec as a link runs it: coded, packed, sealed, opened, decoded, joined and compared.</summary>
internal sealed class CodecMeasurement : IDisposable
{
    private const byte Tag = 1;
    private readonly Predictor _model;
    private readonly MessageCodec _codec;
    private readonly int _threads;

    public CodecMeasurement(Predictor model, int threads)
    {
        _model = model;
        _codec = new MessageCodec(model, Samples.UnitSize, threads);
        _threads = _codec.Threads;
    }

    /// <summary>Measures messages; throws when one does not come back as it was.</summary>
    public async Task<FileResult> MeasureAsync(string name, IReadOnlyList<byte[]> messages)
    {
        OutgoingMessage[] outgoing = [.. messages.Select((message, i) => new OutgoingMessage((ulong)i, message))];
        long start = Stopwatch.GetTimestamp();
        EncodedMessage[] encoded = await _codec.EncodeAsync(outgoing);
        List<byte[]> datagrams = Seal(encoded, out long coded);
        double encodeSeconds = Stopwatch.GetElapsedTime(start).TotalSeconds;

        start = Stopwatch.GetTimestamp();
        List<ReceivedFrame> frames = Open(datagrams);
        IReadOnlyList<DecodedFrame> decoded = await _codec.DecodeAsync(frames);
        Compare(name, messages, decoded);
        double decodeSeconds = Stopwatch.GetElapsedTime(start).TotalSeconds;

        // Parts of large messages start the model anew, which the meter does not: they are left out of that comparison, as stored ones are.
        byte[][] whole = [.. encoded.Where(message => !message.IsStored && !message.IsLarge).Select(message => message.Source.Content.ToArray())];
        return new FileResult
        {
            Name = name,
            Messages = messages.Count,
            Bytes = messages.Sum(message => (long)message.Length),
            Coded = coded,
            Wire = datagrams.Sum(datagram => (long)datagram.Length),
            Stored = encoded.Count(message => message.IsStored),
            Information = InformationMeter.Of(_model, whole, _threads),
            RangeCode = frames.Where(frame => frame.Kind == DataFrameKind.Coded).Sum(frame => (long)frame.Payload.Length),
            EncodeSeconds = encodeSeconds,
            DecodeSeconds = decodeSeconds,
        };
    }

    public void Dispose() => _codec.Dispose();

    private List<byte[]> Seal(EncodedMessage[] encoded, out long coded)
    {
        coded = 0;
        using SegmentSealer sealer = new(new byte[32], Tag);
        UnitPacker packer = new(Samples.UnitSize, _model.FrequencyBits);
        foreach (EncodedMessage message in encoded)
        {
            packer.Add(message);
        }

        List<byte[]> datagrams = [];
        while (packer.HasPending)
        {
            PackedUnit unit = packer.Build();
            byte[] datagram = new byte[unit.Data.Length + SegmentSealer.Overhead];
            sealer.TrySeal(unit.Data.Span, datagram, out _, out _);
            datagrams.Add(datagram);
            coded += unit.CodedBytes;
        }

        return datagrams;
    }

    private static List<ReceivedFrame> Open(List<byte[]> datagrams)
    {
        using SegmentOpener opener = new(new byte[32], Tag);
        List<ReceivedFrame> frames = [];
        foreach (byte[] datagram in datagrams)
        {
            byte[] unit = new byte[datagram.Length - SegmentSealer.Overhead];
            if (!opener.TryOpen(datagram, unit, out _, out _) || !ReceivedFrame.TryParse(unit, frames))
            {
                throw new InvalidOperationException("A sealed unit did not open or parse.");
            }
        }

        return frames;
    }

    private static void Compare(string name, IReadOnlyList<byte[]> messages, IReadOnlyList<DecodedFrame> decoded)
    {
        MessageAssembler assembler = new(ordered: true);
        int next = 0;
        foreach (DecodedFrame frame in decoded)
        {
            if (frame.Error != LinkErrorCode.None || assembler.Add(frame) != LinkErrorCode.None)
            {
                throw new InvalidOperationException($"{name}: a frame did not decode: {frame.Error}.");
            }

            while (assembler.TryTake(out ReceivedMessage message))
            {
                if (!message.Content.Span.SequenceEqual(messages[next++]))
                {
                    throw new InvalidOperationException($"{name}: message {message.Number} did not come back as it was.");
                }
            }
        }

        if (next != messages.Count)
        {
            throw new InvalidOperationException($"{name}: {messages.Count - next} messages did not come back.");
        }
    }
}
