using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using LinkCodec.Core.Coding;
using LinkCodec.Core.Prediction;

namespace LinkCodec.Benchmarks.Micro;

/// <summary>
/// Where the time of a symbol goes: the step that the lanes share, its decisions encoded, its decisions decoded.
/// Medians of many, on one thread.
/// </summary>
internal static class StepCommand
{
    private const int Warmup = 100;
    private const int Steps = 1001;

    public static Command Create(Dictionary<Command, string> examples)
    {
        Command step = new("step", "Where the time of one step goes, by number of streams.");
        examples[step] = "LinkCodec.Benchmarks step";
        step.SetAction(_ => Run());
        return step;
    }

    private static int Run()
    {
        Console.WriteLine("| streams | step of the model, us | decisions and range encoder, us | decisions and range "
            + "decoder, us | model's share, encoding | decoding |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (int lanes in new[] { 1, 8, 32, 64 })
        {
            Console.WriteLine(Row(lanes));
        }

        return 0;
    }

    private static string Row(int count)
    {
        Predictor model = Samples.Model;
        byte[][] text = [.. Samples.Messages(count, Warmup + Steps).Select(message => message.Content.ToArray())];
        (double[] encode, double[] step, byte[][] codes) = Encode(model, text);
        double[] decode = Decode(model, text, codes);
        (double encoding, double stepping, double decoding) = (Median(encode), Median(step), Median(decode));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {count} | {stepping:F1} | {encoding:F2} | {decoding:F2} | {stepping / (stepping + encoding):P1} | "
                + $"{stepping / (stepping + decoding):P1} |");
    }

    // The parts are timed one after the other over all streams, so that the clock is read three times a step and not a
    // stream.
    private static (double[] Encode, double[] Step, byte[][] Codes) Encode(Predictor model, byte[][] text)
    {
        using PredictorLanes lanes = model.CreateLanes(text.Length);
        DecisionList[] lists = [.. text.Select(_ => new DecisionList(model.FrequencyBits))];
        int[] symbols = new int[text.Length];
        (double[] encode, double[] step) = (new double[Steps], new double[Steps]);
        for (int lane = 0; lane < text.Length; lane++)
        {
            lanes.BeginEncode(lane, text[lane], ContentHint.Auto, null, lists[lane]);
        }

        for (int at = 0; at < Warmup + Steps; at++)
        {
            long start = Stopwatch.GetTimestamp();
            for (int lane = 0; lane < text.Length; lane++)
            {
                symbols[lane] = text[lane][at];
                lanes.Encode(lane, symbols[lane], lists[lane]);
            }

            long encoded = Stopwatch.GetTimestamp();
            lanes.Step(symbols);
            long stepped = Stopwatch.GetTimestamp();
            if (at >= Warmup)
            {
                (encode[at - Warmup], step[at - Warmup]) = (Micros(start, encoded), Micros(encoded, stepped));
            }
        }

        return (encode, step, [.. lists.Select(list => list.Finish().ToArray())]);
    }

    private static double[] Decode(Predictor model, byte[][] text, byte[][] codes)
    {
        using PredictorLanes lanes = model.CreateLanes(text.Length);
        RangeDecoder[] decoders = [.. codes.Select(code => new RangeDecoder(code))];
        int[] symbols = new int[text.Length];
        double[] decode = new double[Steps];
        for (int lane = 0; lane < text.Length; lane++)
        {
            DecisionReader reader = new(ref decoders[lane], codes[lane], model.FrequencyBits);
            lanes.BeginDecode(lane, null, ref reader);
        }

        for (int at = 0; at < Warmup + Steps; at++)
        {
            long start = Stopwatch.GetTimestamp();
            for (int lane = 0; lane < text.Length; lane++)
            {
                DecisionReader reader = new(ref decoders[lane], codes[lane], model.FrequencyBits);
                symbols[lane] = lanes.Decode(lane, ref reader);
            }

            long decoded = Stopwatch.GetTimestamp();
            lanes.Step(symbols);
            if (at >= Warmup)
            {
                decode[at - Warmup] = Micros(start, decoded);
            }
        }

        return decode;
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);

    // Not through TimeSpan, whose ticks are 0.1 us.
    private static double Micros(long from, long to) => (to - from) * 1e6 / Stopwatch.Frequency;
}
