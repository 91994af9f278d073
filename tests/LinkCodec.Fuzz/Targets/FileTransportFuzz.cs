using System.Buffers;
using LinkCodec.Transport.Files;

namespace LinkCodec.Fuzz.Targets;

/// <summary>
/// Reads any bytes as a file that stands for a link: it never throws, accounts for every byte, and does not care how
/// the bytes were cut into reads.
/// </summary>
internal static class FileTransportFuzz
{
    public static void Run(ReadOnlySpan<byte> data)
    {
        byte[] file = data.ToArray();
        (string Datagrams, FileReadReport Report) whole = Read(file, Math.Max(1, file.Length));
        (string Datagrams, FileReadReport Report) cut = Read(file, 7);
        if (whole != cut)
        {
            throw new InvalidOperationException("The datagrams depend on how the file was read.");
        }
    }

    private static (string Datagrams, FileReadReport Report) Read(byte[] file, int step)
    {
        FileRecordParser parser = new();
        System.Text.StringBuilder found = new();
        long datagramBytes = 0;
        int seen = Math.Min(step, file.Length);
        int start = 0;
        while (true)
        {
            ReadOnlySequence<byte> bytes = new(file, start, seen - start);
            long before = bytes.Length;
            FileRecordParser.Status status = parser.TryRead(ref bytes, seen == file.Length,
                out ReadOnlySequence<byte> datagram);
            start += (int)(before - bytes.Length);
            switch (status)
            {
                case FileRecordParser.Status.Datagram:
                    found.Append(Convert.ToHexString(datagram.ToArray())).Append(' ');
                    datagramBytes += datagram.Length + FileFormat.RecordHeaderSize;
                    break;
                case FileRecordParser.Status.NeedMore when seen == file.Length:
                    throw new InvalidOperationException("More was asked for behind the end.");
                case FileRecordParser.Status.NeedMore:
                    seen = Math.Min(seen + step, file.Length);
                    break;
                case FileRecordParser.Status.End:
                    long header = parser.Report.FirstDamageAt == 0 ? 0 : FileFormat.HeaderSize;
                    if (parser.Report.BytesRead != file.Length
                        || parser.Report.SkippedBytes + datagramBytes + header != file.Length)
                    {
                        throw new InvalidOperationException("A byte is not accounted for.");
                    }

                    return (found.ToString(), parser.Report);
                default:
                    return ($"refused {parser.Refusal}", parser.Report);
            }
        }
    }
}
