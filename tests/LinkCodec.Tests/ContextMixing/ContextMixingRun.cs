using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using LinkCodec.Core.ContextMixing;
using LinkCodec.Core.Prediction;
using LinkCodec.ModelBuilder.Training;
using LinkCodec.Tests.Bytes;

namespace LinkCodec.Tests.ContextMixing;

/// <summary>
/// A small model that is trained on the spot, and a hash of what it decides: the same in every process on every
/// machine.
/// </summary>
internal static class ContextMixingRun
{
    private static readonly ProfileSpec[] Specs =
    [
        new("prose", ContentHint.Prose, 0, false, 3, 20),
        new("nmea", ContentHint.Nmea, -1, false, 8, 20),
        new("json", ContentHint.Json, 1, false, 8, 20),
        new("binary", ContentHint.Binary, -1, true, 30, 60),
        new("csv", ContentHint.Csv, 0, false, 8, 40),
    ];

    /// <summary>The number of kinds of messages that <see cref="Message"/> makes.</summary>
    public static int Kinds => Specs.Length;

    /// <summary>The files of a model of all kinds, trained in about a second.</summary>
    public static (byte[] Model, byte[] Dictionary) Train(bool withNetworks, int threads = 1)
    {
        ProfileSpec[] specs = [.. Specs.Select(spec => withNetworks ? spec : spec with { Network = -1 })];
        List<TrainingRun> runs = [];
        for (int kind = 0; kind < Kinds; kind++)
        {
            for (int run = 0; run < 4; run++)
            {
                runs.Add(new TrainingRun(kind,
                    [.. Enumerable.Range(run * 5, 5).Select(i => (ReadOnlyMemory<byte>)Message(kind, i))]));
            }
        }

        byte[] dictionary = [.. Enumerable.Range(900, 40).SelectMany(i => Message(i % Kinds, i))];
        ByteModel[] networks = withNetworks ? [new FakeByteModel(), new FakeByteModel { Seed = 7 }] : [];
        return new ContextMixingTrainer(specs, networks, dictionary).Train(
            runs,
            (count, body) => Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = threads }, body),
            _ => { });
    }

    /// <summary>The predictor of such files.</summary>
    public static ContextMixingPredictor Load((byte[] Model, byte[] Dictionary) files) =>
        MixingModel.TryRead(files.Model, files.Dictionary, out MixingModel? model, out string fault)
            ? new ContextMixingPredictor(model,
                [.. Enumerable.Range(0, model.NetworkCount).Select(i => new FakeByteModel { Seed = i == 0 ? 1u : 7u })])
            : throw new InvalidOperationException("the context mixing's file " + fault);

    /// <summary>
    /// The hash of the decisions of a series of messages, each once cold and once from a context that has absorbed
    /// those before it.
    /// </summary>
    public static string Hash(ContextMixingPredictor predictor)
    {
        using MemoryStream decisions = new();
        StreamContext context = predictor.CreateContext();
        byte[] bytes = new byte[8];
        for (int i = 100; i < 140; i++)
        {
            byte[] message = Message(i / 3 % Kinds, i);
            ContentHint hint = i % 4 == 0 ? ContentHint.Json : ContentHint.Auto;
            foreach (StreamContext? start in (StreamContext?[])[null, context])
            {
                foreach (Decision decision in Decide(predictor, message, hint, start))
                {
                    BinaryPrimitives.WriteUInt32LittleEndian(bytes, decision.Cumulative);
                    BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), decision.Frequency);
                    decisions.Write(bytes);
                }
            }

            Absorb(predictor, context, message);
        }

        return PortableSha256.Hash(decisions.GetBuffer().AsSpan(0, (int)decisions.Length));
    }

    /// <summary>Makes a context one behind another message, as coding the message from it leaves it behind.</summary>
    public static void Absorb(Predictor predictor, StreamContext context, ReadOnlySpan<byte> message)
    {
        using PredictorLanes lanes = predictor.CreateLanes(1);
        DecisionList list = new(predictor.FrequencyBits);
        lanes.BeginEncode(0, message, ContentHint.Auto, context, list);
        foreach (byte value in message)
        {
            lanes.Encode(0, value, list);
            if (lanes.NeedsStep(0))
            {
                lanes.Step([value]);
            }
        }

        lanes.Encode(0, Predictor.EndSymbol, list);
        lanes.Save(0, context);
    }

    /// <summary>The decisions of one message alone.</summary>
    public static Decision[] Decide(Predictor predictor, byte[] message, ContentHint hint, StreamContext? context)
    {
        using PredictorLanes lanes = predictor.CreateLanes(1);
        return Decide(lanes, predictor.FrequencyBits, message, hint, context);
    }

    /// <summary>The decisions of one message in the first of some lanes.</summary>
    public static Decision[] Decide(PredictorLanes lanes, int bits, byte[] message, ContentHint hint,
        StreamContext? context)
    {
        DecisionList list = new(bits);
        lanes.BeginEncode(0, message, hint, context, list);
        foreach (byte value in message)
        {
            lanes.Encode(0, value, list);
            lanes.Step([value]);
        }

        lanes.Encode(0, Predictor.EndSymbol, list);
        return list.Items.ToArray();
    }

    /// <summary>A message of a kind.</summary>
    public static byte[] Message(int kind, int index) => kind switch
    {
        0 => Ascii(
            $"The {Pick(index, 0)} of the {Pick(index, 3)} is {Pick(index, 5)}, ",
            $"and {Pick(index, 7)} went by {index % 7} times."),
        1 => Nmea(
            $"GPGGA,{120000 + index}.00,4807.{index * 37 % 1000:D3},N,01131.{index * 11 % 1000:D3},E,",
            $"1,{8 + (index % 3)},0.9,545.4,M,46.9,M,,"),
        2 => Ascii(
            $"{{\"id\":\"node-{index % 4}\",\"seq\":{index * 3},\"temp\":{20 + (index % 5)}.{index % 10},",
            $"\"ok\":{(index % 6 == 0 ? "false" : "true")}}}"),
        3 => Ubx(index),
        _ => Ascii(
            $"{index},{1000 + (index * 10)},{index * index % 97},up\n",
            $"{index + 1},{1010 + (index * 10)},{index * 7 % 97},up\n"),
    };

    private static string Pick(int index, int salt) =>
        (((index * 31) + (salt * 17)) % 6) switch
        {
            0 => "state",
            1 => "battery",
            2 => "north wind",
            3 => "station",
            4 => "nominal",
            _ => "quiet orbit",
        };

    private static byte[] Ascii(params FormattableString[] parts) =>
        [.. parts.SelectMany(part => Encoding.ASCII.GetBytes(part.ToString(CultureInfo.InvariantCulture)))];

    private static byte[] Nmea(params FormattableString[] parts)
    {
        byte[] body = Ascii(parts);
        return [(byte)'$', .. body, (byte)'*', .. Ascii($"{body.Aggregate(0, (sum, value) => sum ^ value):X2}"),
            (byte)'\r', (byte)'\n'];
    }

    private static byte[] Ubx(int index)
    {
        byte[] body = [0x01, 0x07, 20, 0, .. Enumerable.Range(0, 20)
            .Select(i => (byte)(i < 4 ? (index * 250) >> (8 * i) : i < 12 ? i * 3 : index >> (i & 3)))];
        (int a, int b) = (0, 0);
        foreach (byte value in body)
        {
            a = (a + value) & 255;
            b = (b + a) & 255;
        }

        return [0xB5, 0x62, .. body, (byte)a, (byte)b];
    }
}
