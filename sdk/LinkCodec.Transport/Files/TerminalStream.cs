using System.Text;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Transport.Files;

/// <summary>
/// Messages of others on a person's terminal: shown by <see cref="PlainText"/>, where pipes and files take the bytes as
/// they are.
/// </summary>
/// <param name="terminal">Owned from here on.</param>
internal sealed class TerminalStream(Stream terminal) : WriteOnlyStream
{
    private byte[] _cut = []; // The beginning of a character whose rest is to come.

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        byte[] all = [.. _cut, .. buffer];
        Show(all, isFinal: false, out int taken);
        _cut = all[taken..];
    }

    public override void Flush() => terminal.Flush();

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
