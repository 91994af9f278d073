using System.Buffers.Binary;
using System.Security.Cryptography;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Simulator.Channel;

/// <summary>
/// SHA-256 over every verdict of a link: two runs with equal hashes lost, delayed and altered the same datagrams at the
/// same times.
/// </summary>
internal sealed class VerdictTrace : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>
    /// Adds one verdict: direction, number, time sent, size, fate, and the time of arrival (of the drop).
    /// </summary>
    public void Add(byte direction, ulong number, Timestamp sentAt, int size, Fate fate, Timestamp endedAt)
    {
        Span<byte> record = stackalloc byte[30];
        record[0] = direction;
        record[1] = (byte)fate;
        BinaryPrimitives.WriteUInt64LittleEndian(record[2..], number);
        BinaryPrimitives.WriteInt64LittleEndian(record[10..], sentAt.Microseconds);
        BinaryPrimitives.WriteInt32LittleEndian(record[18..], size);
        BinaryPrimitives.WriteInt64LittleEndian(record[22..], endedAt.Microseconds);
        _hash.AppendData(record);
    }

    /// <summary>The hash so far, 64 lower-case hexadecimal digits.</summary>
    public string Current() => Convert.ToHexStringLower(_hash.GetCurrentHash());

    public void Dispose() => _hash.Dispose();
}
