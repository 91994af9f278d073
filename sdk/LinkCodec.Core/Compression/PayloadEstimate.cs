using System.Runtime.InteropServices;

namespace LinkCodec.Core.Compression;

/// <summary>
/// How many bytes of a block's payload messages will take, from what others of their kind took in the blocks before.
/// </summary>
/// <remarks>
/// Messages are taken to be of one kind when their first four bytes are alike, any digit, capital or small letter being
/// as good as another: so are two METAR reports, and two objects of JSON with the same first key. Where messages of
/// several kinds alternate, the block before says little about the next one, and their kinds say much.
/// </remarks>
internal sealed class PayloadEstimate
{
    private const int KindBits = 8;
    private const int Told = 4; // bytes of a message that tell its kind

    // Bytes of payload for a byte of message, in 1,024ths; 0 where no message of the kind was in a block yet.
    private readonly int[] _rates = new int[1 << KindBits];
    private readonly int[] _learned = new int[1 << KindBits]; // the last block that taught the kind
    private readonly List<byte> _kinds = [];
    private readonly List<long> _sums = [0]; // estimates for the first so many messages, in 1,024ths of a byte
    private int _usual = Scale / 3;
    private int _blocks;

    /// <summary>The parts of a byte that estimates count.</summary>
    public const int Scale = 1 << 10;

    /// <summary>The estimate for the first so many messages, in 1,024ths of a byte.</summary>
    public long this[int count] => _sums[count];

    /// <summary>Forgets the messages, not what was learned.</summary>
    public void Clear()
    {
        _kinds.Clear();
        CollectionsMarshal.SetCount(_sums, 1);
    }

    /// <summary>Takes the next message.</summary>
    public void Add(ReadOnlySpan<byte> message)
    {
        byte kind = KindOf(message);
        int rate = _rates[kind] > 0 ? _rates[kind] : _usual;
        _kinds.Add(kind);
        _sums.Add(_sums[^1] + ((message.Length + 1L) * rate));
    }

    /// <summary>The most messages whose estimate is no larger.</summary>
    public int CountOf(long estimate)
    {
        int found = CollectionsMarshal.AsSpan(_sums).BinarySearch(estimate + 1);
        return Math.Max(0, (found < 0 ? ~found : found) - 1);
    }

    /// <summary>Learns from a block.</summary>
    /// <param name="count">The messages that it held: the first so many, one at least.</param>
    /// <param name="content">Bytes of its content.</param>
    /// <param name="length">Bytes of its payload.</param>
    public void Learn(int count, int content, int length)
    {
        _usual += (int)(((long)length * Scale / Math.Max(1, content)) - _usual) / 2;
        long estimate = Math.Max(1, _sums[count] / Scale);
        _blocks++;
        for (int i = 0; i < count; i++)
        {
            byte kind = _kinds[i];
            if (_learned[kind] != _blocks)
            {
                _learned[kind] = _blocks;
                int rate = _rates[kind] > 0 ? _rates[kind] : _usual;
                _rates[kind] = (int)Math.Clamp((rate + (rate * (long)length / estimate)) / 2, 1, 2 * Scale);
            }
        }
    }

    private static byte KindOf(ReadOnlySpan<byte> message)
    {
        uint start = 0;
        for (int i = 0; i < Told; i++)
        {
            byte next = i < message.Length ? message[i] : (byte)0;
            start = (start << 8) | next switch
            {
                >= (byte)'0' and <= (byte)'9' => (byte)'0',
                >= (byte)'A' and <= (byte)'Z' => (byte)'A',
                >= (byte)'a' and <= (byte)'z' => (byte)'a',
                _ => next,
            };
        }

        return (byte)((start * 0x9E3779B1u) >> (32 - KindBits));
    }
}
