using System.Diagnostics;
using System.Globalization;
using LinkCodec.Core.Coding;
using LinkCodec.Core.Prediction;

namespace LinkCodec.Benchmarks.Micro;

/// <summary>Where the time of a step goes: the model, the quantiser, the range coder. Medians of many steps, on one thread.</summary>
internal static class StepCommand
{
    private const int Warmup = 100;
    private const int Steps = 1001;

    public static int Run()
    {
        Console.WriteLine("| streams | step of the model, us | quantiser, us | interval and range encoder, us | search and range decoder, us | model's share, encoding | decoding |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        foreach (int lanes in new[] { 1, 8, 32, 64 })
        {
            Console.WriteLine(Row(lanes));
        }

        return 0;
    }

    private static string Row(int count)
    {
        Predictor model = Samples.Model;
        int alphabet = model.AlphabetSize;
        using var lanes = (DistributionLanes)model.CreateLanes(count);
        FrequencyQuantiser quantiser = new(alphabet, model.FrequencyBits);
        RangeEncoder encoder = new();
        byte[][] text = [.. Samples.Messages(count, Warmup + Steps).Select(message => message.Content.ToArray())];
        uint[] weights = new uint[count * alphabet];
        int[] symbols = new int[count];
        byte[] anyCode = text[0];
        double[][] times = [new double[Steps], new double[Steps], new double[Steps], new double[Steps]];
        for (int lane = 0; lane < count; lane++)
        {
            lanes.Start(lane, weights.AsSpan(lane * alphabet, alphabet));
        }

        for (int step = 0; step < Warmup + Steps; step++)
        {
            // The parts are timed one after the other over all streams, so that the clock is read five times a step and not a stream.
            RangeDecoder decoder = new(anyCode);
            long start = Stopwatch.GetTimestamp();
            for (int lane = 0; lane < count; lane++)
            {
                quantiser.Load(weights.AsSpan(lane * alphabet, alphabet));
            }

            long loaded = Stopwatch.GetTimestamp();
            for (int lane = 0; lane < count; lane++)
            {
                symbols[lane] = text[lane][step];
                (uint cumulative, uint frequency) = quantiser.Interval(symbols[lane]);
                encoder.Encode(cumulative, frequency, quantiser.Bits);
            }

            long encoded = Stopwatch.GetTimestamp();
            for (int lane = 0; lane < count; lane++)
            {
                quantiser.Find(decoder.Peek(quantiser.Bits), out uint cumulative, out uint frequency);
                decoder.Consume(anyCode, cumulative, frequency, quantiser.Bits);
            }

            long decoded = Stopwatch.GetTimestamp();
            lanes.Step(symbols, weights);
            long stepped = Stopwatch.GetTimestamp();
            if (step >= Warmup)
            {
                int at = step - Warmup;
                (times[0][at], times[1][at], times[2][at], times[3][at]) =
                    (Micros(decoded, stepped), Micros(start, loaded), Micros(loaded, encoded), Micros(encoded, decoded));
            }
        }

        double[] median = [.. times.Select(values => values.Order().ElementAt(Steps / 2))];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {count} | {median[0]:F1} | {median[1]:F2} | {median[2]:F2} | {median[3]:F2} "
            + $"| {median[0] / (median[0] + median[1] + median[2]):P1} | {median[0] / (median[0] + median[1] + median[3]):P1} |");
    }

    // Not through TimeSpan, whose ticks are 0.1 us.
    private static double Micros(long from, long to) => (to - from) * 1e6 / Stopwatch.Frequency;
}
