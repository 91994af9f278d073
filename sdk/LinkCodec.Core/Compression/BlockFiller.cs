using System.Diagnostics;
using System.Runtime.InteropServices;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Compression;

/// <summary>
/// Compresses as many messages as fit a frame, joined as in a STORED MANY: each but the last behind its length. Not
/// thread-safe.
/// </summary>
/// <remarks>
/// How much fits is known only afterwards. The first try trusts what messages of these kinds took before; each later
/// one lies between the largest that fitted and the smallest that did not, where their lengths say. Memory: two blocks.
/// </remarks>
/// <param name="compressor">Compresses the blocks; stays the caller's.</param>
internal sealed class BlockFiller(BlockCompressor compressor)
{
    private const int MaxTries = 6;
    private const int Interpolations = 3;
    private readonly byte[] _content = new byte[BlockCompressor.MaxContent];
    private readonly byte[] _payload = new byte[BlockCompressor.MaxContent];
    private readonly List<int> _contents = [0]; // content of the first so many messages, in bytes
    private readonly PayloadEstimate _estimate = new();

    /// <summary>Compresses messages from the first on.</summary>
    /// <param name="messages">Consecutive messages, at most so many as the caller's frame may hold.</param>
    /// <param name="room">Where the payload goes; its length is the payload's limit.</param>
    /// <returns>What was compressed: in a full block at least about 95 % of what would fit. Nothing where messages that
    /// fit are no shorter compressed, or where the first one fits no block: those are for other frames.</returns>
    public CompressedBlock Fill(ReadOnlySpan<ReadOnlyMemory<byte>> messages, Span<byte> room)
    {
        Measure(messages);
        CompressedBlock best = default;
        CompressedBlock over = new(_contents.Count, 0, 0); // the least that is known not to fit
        int least = CountOf(room.Length); // These fit as they are: no need to compress to know that.
        for (int tries = 0; tries < MaxTries; tries++)
        {
            int from = tries > 0 ? least + 1 : Math.Max(1, least);
            if (from >= over.Count)
            {
                break;
            }

            int count = Math.Clamp(Guess(best, over, tries, room.Length), from, over.Count - 1);
            int content = Join(messages[..count]);
            Debug.Assert(content == _contents[count]);
            int length = compressor.Compress(_content.AsSpan(0, content), _payload);
            CompressedBlock done = new(count, content, length > 0 ? length : content);
            if (done.Length > room.Length)
            {
                over = done;
                continue;
            }

            least = count;
            if (length > 0)
            {
                best = done;
                _payload.AsSpan(0, length).CopyTo(room);
                if (IsFull(best, room.Length))
                {
                    break;
                }
            }
        }

        CompressedBlock last = best.Count > 0 || over.Length == 0 ? best : over;
        if (last.Count > 0)
        {
            _estimate.Learn(last.Count, last.ContentLength, last.Length);
        }

        return best;
    }

    private static int Aim(int room) => room - (room / 32);

    // A thirty-second may stay free: one more try would cost more time than it gains bytes.
    private bool IsFull(in CompressedBlock block, int room)
    {
        if (block.Length >= room - (room / 16))
        {
            return true;
        }

        if (block.Count + 1 >= _contents.Count)
        {
            return false;
        }

        long next = (_estimate[block.Count + 1] - _estimate[block.Count]) * block.Length / _estimate[block.Count];
        return block.Length + next > room + (room / 32);
    }

    private int Guess(in CompressedBlock best, in CompressedBlock over, int tries, int room)
    {
        if (tries > Interpolations && over.Length > 0)
        {
            return (best.Count + over.Count) / 2;
        }

        // Estimates err by a factor, which the blocks that were tried tell.
        long known = _estimate[best.Count];
        long slope = over.Length > 0 ? (_estimate[over.Count] - known) / (over.Length - best.Length)
            : best.Length > 0 ? known / best.Length
            : PayloadEstimate.Scale;
        return Math.Min(_contents.Count - 1, _estimate.CountOf(known + ((Aim(room) - best.Length) * slope)));
    }

    // The most messages whose content has so many bytes.
    private int CountOf(long content)
    {
        int more = (int)Math.Clamp(content, 0, BlockCompressor.MaxContent) + 1;
        int found = CollectionsMarshal.AsSpan(_contents).BinarySearch(more);
        return Math.Max(0, (found < 0 ? ~found : found) - 1);
    }

    private void Measure(ReadOnlySpan<ReadOnlyMemory<byte>> messages)
    {
        CollectionsMarshal.SetCount(_contents, 1);
        _estimate.Clear();
        int behind = 0; // bytes of the messages so far, each behind its length
        foreach (ReadOnlyMemory<byte> message in messages)
        {
            if (message.Length > BlockCompressor.MaxContent - behind)
            {
                break;
            }

            _contents.Add(behind + message.Length);
            _estimate.Add(message.Span);
            behind += VarInt.Length((ulong)message.Length) + message.Length;
        }
    }

    private int Join(ReadOnlySpan<ReadOnlyMemory<byte>> messages)
    {
        int at = 0;
        foreach (ReadOnlyMemory<byte> message in messages[..^1])
        {
            at += VarInt.Write(_content.AsSpan(at), (ulong)message.Length);
            message.Span.CopyTo(_content.AsSpan(at));
            at += message.Length;
        }

        messages[^1].Span.CopyTo(_content.AsSpan(at));
        return at + messages[^1].Length;
    }
}
