using System.Diagnostics;
using LinkCodec.Core.Media;
using LinkCodec.Core.Primitives;
using LinkCodec.Media;

namespace LinkCodec.Benchmarks.Media;

/// <summary>Codes a Y4M file, compressed with xz or not, in groups of frames.</summary>
internal static class VideoRun
{
    /// <summary>Codes, decodes and compares a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="group">Frames of a group.</param>
    /// <param name="figures">Where the figures go.</param>
    /// <exception cref="InvalidOperationException">A part does not come back, or the file is no Y4M.</exception>
    public static void Measure(string path, int group, MediaFigures figures)
    {
        ReadOnlyMemory<byte> content = MediaMessage.Carry(Read(path), new MediaOptions
        {
            Kind = MessageKind.Video,
            Preserve = Preservation.Samples,
            GroupLength = group,
        });
        if (!CarriedForm.TryRead(content.Span, out CarriedForm form) || form.Kind != MediaKind.Video)
        {
            throw new InvalidOperationException($"{path} is no Y4M");
        }

        for (int part = 0; part < form.PartCount; part++)
        {
            (int begin, int end) = form.Part(part);
            TimeSpan start = MediaFigures.Now();
            byte[] coded = MediaCode.Encode(form, part, content.Span);
            TimeSpan encoded = MediaFigures.Now();
            MediaCode.NeedsBefore(coded, out int back, out int length);
            LinkErrorCode error = MediaCode.Decode(coded, content.Span.Slice(begin - back, length),
                out byte[] decoded);
            TimeSpan decodedAt = MediaFigures.Now();
            if (error != LinkErrorCode.None || !decoded.AsSpan().SequenceEqual(content.Span[begin..end]))
            {
                throw new InvalidOperationException($"{path} does not come back: {error}");
            }

            figures.Add(decoded.Length / form.SampleBytes, decoded.Length, coded.Length, encoded - start,
                decodedAt - encoded);
        }
    }

    private static byte[] Read(string path)
    {
        if (!path.EndsWith(".xz", StringComparison.Ordinal))
        {
            return File.ReadAllBytes(path);
        }

        using Process process = Process.Start(new ProcessStartInfo("xz", ["-dc", path])
        {
            RedirectStandardOutput = true,
        })!;
        using MemoryStream file = new();
        process.StandardOutput.BaseStream.CopyTo(file);
        process.WaitForExit();
        return process.ExitCode == 0 ? file.ToArray() : throw new InvalidOperationException($"{path} is no xz");
    }
}
