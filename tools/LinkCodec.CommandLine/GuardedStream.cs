using LinkCodec.Transport.Files;

namespace LinkCodec.CommandLine;

/// <summary>A stream of the console that may be closed, or close while it is written to.</summary>
/// <param name="inner">The stream; null when it is closed.</param>
/// <param name="isQuiet">Whether what cannot be written is passed over.</param>
internal sealed class GuardedStream(Stream? inner, bool isQuiet) : WriteOnlyStream
{
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (inner is null)
        {
            _ = isQuiet ? 0 : throw new IOException("Standard output is closed.");
            return;
        }

        try
        {
            inner.Write(buffer);
        }
        catch (Exception e) when (isQuiet && e is (IOException or UnauthorizedAccessException))
        {
            // A full disk or a closed pipe: what was to be said is lost, and the work goes on.
        }
    }

    public override void Flush()
    {
    }
}
