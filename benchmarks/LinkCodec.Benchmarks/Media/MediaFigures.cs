using System.Diagnostics;
using System.Globalization;

namespace LinkCodec.Benchmarks.Media;

/// <summary>Sums over a group of files, and the line that they become. Times are the process's own, not the wall's.
/// </summary>
internal sealed class MediaFigures(string group)
{
    private long _samples;
    private long _bytes;
    private long _coded;
    private TimeSpan _encoding;
    private TimeSpan _decoding;

    /// <summary>The heading of the lines.</summary>
    public static string Heading => "group      samples     coded bytes  bits/sample  encode KB/s  decode KB/s";

    /// <summary>Time that the process has used.</summary>
    public static TimeSpan Now()
    {
        using Process process = Process.GetCurrentProcess();
        return process.UserProcessorTime;
    }

    /// <summary>Adds one tile or segment.</summary>
    public void Add(int samples, int bytes, int coded, TimeSpan encoding, TimeSpan decoding)
    {
        _samples += samples;
        _bytes += bytes;
        _coded += coded;
        _encoding += encoding;
        _decoding += decoding;
    }

    /// <summary>Prints the line, if there was anything.</summary>
    public void Print()
    {
        if (_samples > 0)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{group,-8} {_samples,10} {_coded,14} {8.0 * _coded / _samples,12:F4} ")
                + string.Create(CultureInfo.InvariantCulture, $"{Rate(_encoding),12:F1} {Rate(_decoding),12:F1}"));
        }
    }

    private double Rate(TimeSpan time) => _bytes / 1000.0 / Math.Max(0.001, time.TotalSeconds);
}
