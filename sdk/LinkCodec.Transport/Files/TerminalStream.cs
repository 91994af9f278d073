using System.Text;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Transport.Files;

/// <summary>
/// Messages of others on a person's terminal: shown by <see cref="PlainText"/>, where pipes and files take the bytes as
/// they are.
/// </summary>
/// <param name="terminal">Owned from here on.</param>
internal sealed class TerminalStream(Stream terminal) : Stream
{
    private byte[] _cut = []; // The beginning of a character whose rest is to come.

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        byte[] all = [.. _cut, .. buffer];
        Show(all, isFinal: false, out int taken);
        _cut = all[taken..];
    }

    public override void Flush() => terminal.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Show(_cut, isFinal: true, out _);
            _cut = [];
            terminal.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Show(ReadOnlySpan<byte> bytes, bool isFinal, out int taken) =>
        terminal.Write(Encoding.UTF8.GetBytes(PlainText.Of(bytes, isFinal, out taken)));
}
