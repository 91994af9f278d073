using LinkCodec.Core.Media;

namespace LinkCodec.Fuzz.Targets;

/// <summary>Coded parts of video: any bytes are refused or decode to frames that can be coded again.</summary>
internal static class VideoFuzz
{
    private const int MostBefore = 1 << 12;

    private static readonly MediaLimits Few = new(200);

    public static void Run(ReadOnlySpan<byte> data)
    {
        // A model is megabytes: of most inputs the header alone is read.
        bool isRead = VideoHeader.TryRead(data, out VideoHeader header, out _);
        if (!isRead || !IsChosen(data))
        {
            return;
        }

        byte[] before = new byte[header.ReferenceBytes <= MostBefore ? header.ReferenceBytes : 0];
        for (int i = 0; i < before.Length; i++)
        {
            before[i] = (byte)(i * 37);
        }

        VideoDecoder.Decode(data, Few, before, out byte[] samples);
        if (samples.Length == 0)
        {
            return;
        }

        VideoDecoder.Decode(VideoEncoder.Encode(header, before, samples), Few, before, out byte[] again);
        if (!again.AsSpan().SequenceEqual(samples))
        {
            throw new InvalidOperationException("other frames");
        }
    }

    private static bool IsChosen(ReadOnlySpan<byte> data)
    {
        int sum = 0;
        foreach (byte value in data)
        {
            sum += value;
        }

        return sum % 64 == 0;
    }
}
