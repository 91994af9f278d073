using System.Text;
using LinkCodec.Core.PrimedMixing;
using LinkCodec.Tests.Bytes;

namespace LinkCodec.Tests.PrimedMixing;

/// <summary>Codes of messages that are made up here, the same in every run.</summary>
internal static class PrimedRun
{
    /// <summary>Lines of several kinds, and some bytes of none.</summary>
    public static ReadOnlyMemory<byte>[] Messages()
    {
        List<ReadOnlyMemory<byte>> messages = [];
        for (int i = 0; i < 240; i++)
        {
            string text = (i / 20 % 4) switch
            {
                0 => $"{{\"class\":\"TPV\",\"mode\":3,\"time\":{1_700_000_000 + i},\"lat\":48.{i * 37 % 1000:D3}}}",
                1 => $"$GPGGA,1235{i % 60:D2},4807.0{i % 90:D2},N,01131.000,E,1,08,0.9,545.{i % 10},M,46.9,M,,*47",
                2 => $"Oct 11 22:14:{i % 60:D2} station sshd[{i * 7 % 9000}]: session opened for user {i % 5}",
                _ => $"The wind at the {(i % 2 == 0 ? "north" : "south")} station falls, "
                    + $"and so does the pressure; {i}.",
            };
            byte[] bytes = Encoding.ASCII.GetBytes(text);
            messages.Add(i % 31 == 0 ? bytes.Select((value, at) => (byte)((value * 167) + (at * i))).ToArray() : bytes);
        }

        return [.. messages];
    }

    /// <summary>A hash of the codes of the messages, each with as many as fit.</summary>
    public static string Hash()
    {
        List<byte> codes = [];
        PrimedEncoder encoder = new(PrimedModel.BuiltIn);
        ReadOnlyMemory<byte>[] messages = Messages();
        for (int at = 0; at < messages.Length;)
        {
            codes.AddRange(encoder.Fill(messages.AsSpan(at), 1000, out int count));
            at += Math.Max(1, count);
        }

        return PortableSha256.Hash([.. codes]);
    }
}
