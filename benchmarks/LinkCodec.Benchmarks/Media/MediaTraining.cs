using System.Runtime.InteropServices;
using LinkCodec.Core.Coding;
using LinkCodec.Core.Media;

namespace LinkCodec.Benchmarks.Media;

/// <summary>
/// Trains the weights that the mixers of images and sounds start with: codes one tile of each of some images and a
/// second of some sounds with the same mixers, one after another.
/// </summary>
internal static class MediaTraining
{
    private const int Tile = 128;
    private static readonly string[] ImageGroups = ["clic", "cid22", "eo"];

    /// <summary>Trains on the folder <c>train</c> and writes the resource of the room Media.</summary>
    /// <param name="data">The folder with <c>train</c>.</param>
    /// <param name="count">Images of each group, and sounds.</param>
    /// <param name="target">The file to write.</param>
    public static void Run(string data, int count, string target)
    {
        ImageMixers mixers = new(8, isUntrained: true);
        string[][] groups = [.. ImageGroups.Select(group =>
            Pick(Path.Combine(data, "train", "images", group), "*.png", count))];
        for (int i = 0; i < count; i++)
        {
            foreach (string[] group in groups.Where(group => i < group.Length))
            {
                ImageEncoder.Encode(ImageRun.Read(group[i], i * 37, i * 53, Tile), mixers);
            }
        }

        ExpertMixer sound = ChannelCoder.MakeMixer(StartWeights.EvenOfSound);
        foreach (string path in Pick(Path.Combine(data, "train", "audio"), "*.flac", count))
        {
            foreach (bool eightBits in (bool[])[false, true])
            {
                Code(new AudioRun(0, false, eightBits).Open(path), sound);
            }
        }

        using FileStream file = File.Create(target);
        for (int i = 0; i < StartWeights.PlaneKinds; i++)
        {
            Write(file, mixers.Of(i));
        }

        Write(file, sound);
        Console.WriteLine($"written: {target}, {file.Length} bytes");
    }

    private static string[] Pick(string folder, string pattern, int count)
    {
        string[] all = [.. Directory.EnumerateFiles(folder, pattern).Order(StringComparer.Ordinal)];
        return [.. Enumerable.Range(0, Math.Min(count, all.Length)).Select(i => all[(int)((long)i * all.Length
            / Math.Min(count, all.Length))])];
    }

    // One second of the first channel, from a third of the file on.
    private static void Code((AudioFormat Format, int Rate, int[] Samples)? sound, ExpertMixer mixer)
    {
        (AudioFormat format, int rate, int[] samples) = sound
            ?? throw new InvalidOperationException("The command flac is not to be found.");
        AudioFormat mono = format with { Channels = 1 };
        SegmentCoder coder = new(mono, mixer);
        RangeBitWriter writer = new(new RangeEncoder());
        int[] one = new int[1];
        int start = samples.Length / format.Channels / 3;
        for (int i = start; i < Math.Min(start + rate, samples.Length / format.Channels); i++)
        {
            one[0] = samples[i * format.Channels];
            coder.Code(ref writer, one);
        }
    }

    private static void Write(FileStream file, ExpertMixer mixer)
    {
        short[] start = mixer.ToStart();
        if (!BitConverter.IsLittleEndian)
        {
            System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(start, start);
        }

        file.Write(MemoryMarshal.AsBytes(start.AsSpan()));
    }
}
