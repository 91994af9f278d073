using System.Buffers.Binary;
using System.ComponentModel;
using System.Diagnostics;
using LinkCodec.Core.Media;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Benchmarks.Media;

/// <summary>Codes a FLAC file in segments.</summary>
/// <param name="segmentMilliseconds">Length of a segment; 0 for the whole file.</param>
/// <param name="goesOn">Whether each segment goes on from the one before.</param>
/// <param name="eightBits">Whether to code the upper 8 bits of each sample alone.</param>
internal sealed class AudioRun(int segmentMilliseconds, bool goesOn, bool eightBits)
{
    /// <summary>Codes, decodes and compares a file.</summary>
    /// <returns>Whether the command flac is there.</returns>
    /// <exception cref="InvalidOperationException">A segment does not come back, or the file is no FLAC.</exception>
    public bool Measure(string path, MediaFigures figures)
    {
        if (Open(path) is not var (format, rate, samples))
        {
            return false;
        }

        AudioEncoder encoder = new(format);
        AudioDecoder decoder = new();
        int length = segmentMilliseconds == 0
            ? samples.Length
            : Math.Max(1, (int)((long)rate * segmentMilliseconds / 1000)) * format.Channels;
        for (int at = 0; at < samples.Length; at += length)
        {
            ReadOnlySpan<int> segment = samples.AsSpan(at, Math.Min(length, samples.Length - at));
            TimeSpan start = MediaFigures.Now();
            byte[] coded = encoder.Encode(segment, goesOn);
            TimeSpan encoded = MediaFigures.Now();
            LinkErrorCode error = decoder.Decode(coded, MediaLimits.Default, out _, out int[] decoded);
            TimeSpan end = MediaFigures.Now();
            if (error != LinkErrorCode.None || !segment.SequenceEqual(decoded))
            {
                throw new InvalidOperationException($"{path} does not come back: {error}");
            }

            figures.Add(segment.Length, segment.Length * ((format.BitDepth + 7) / 8), coded.Length, encoded - start,
                end - encoded);
        }

        return true;
    }

    /// <summary>The samples of a file; null where the command flac is not to be found.</summary>
    public (AudioFormat Format, int Rate, int[] Samples)? Open(string path) =>
        Unpack(path) is { } wave ? Read(wave) : null;

    private static byte[]? Unpack(string path)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo("flac", ["-s", "-d", "-c", path])
            {
                RedirectStandardOutput = true,
            })!;
            using MemoryStream wave = new();
            process.StandardOutput.BaseStream.CopyTo(wave);
            process.WaitForExit();
            return process.ExitCode == 0 ? wave.ToArray() : throw new InvalidOperationException($"{path} is no FLAC");
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    // A WAVE file of PCM: chunks of a name, a length and content.
    private (AudioFormat Format, int Rate, int[] Samples) Read(ReadOnlySpan<byte> wave)
    {
        int channels = 0, bits = 0, rate = 0;
        for (int at = 12; at + 8 <= wave.Length;)
        {
            ReadOnlySpan<byte> name = wave.Slice(at, 4);
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(wave[(at + 4)..]);
            ReadOnlySpan<byte> content = wave[(at + 8)..];
            content = content[..(int)Math.Min(length, (uint)content.Length)];
            if (name.SequenceEqual("fmt "u8))
            {
                channels = BinaryPrimitives.ReadUInt16LittleEndian(content[2..]);
                rate = BinaryPrimitives.ReadInt32LittleEndian(content[4..]);
                bits = BinaryPrimitives.ReadUInt16LittleEndian(content[14..]);
            }
            else if (name.SequenceEqual("data"u8))
            {
                return (new AudioFormat(channels, eightBits ? 8 : bits), rate, Samples(content, bits));
            }

            at += 8 + content.Length + (content.Length & 1);
        }

        throw new InvalidOperationException("a WAVE file without samples");
    }

    private int[] Samples(ReadOnlySpan<byte> content, int bits)
    {
        int size = bits / 8;
        int[] samples = new int[content.Length / size];
        for (int i = 0; i < samples.Length; i++)
        {
            ReadOnlySpan<byte> at = content.Slice(i * size, size);
            int sample = size switch
            {
                1 => at[0] - 128,
                2 => BinaryPrimitives.ReadInt16LittleEndian(at),
                _ => at[0] | (at[1] << 8) | ((sbyte)at[2] << 16),
            };
            samples[i] = eightBits ? sample >> (bits - 8) : sample;
        }

        return samples;
    }
}
