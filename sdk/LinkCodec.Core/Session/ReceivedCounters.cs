using System.Buffers.Binary;
using LinkCodec.Core.Framing;

namespace LinkCodec.Core.Session;

/// <summary>The counters that were opened lately, and what reports say of them: the largest and 384 under it, as many
/// more where segments come fast, and those that were opened late.</summary>
/// <remarks>Decision: protocol-spec/decisions/0006-reports-look-back-from-the-largest.md.</remarks>
internal sealed class ReceivedCounters
{
    // The ring has a power of two of bits: what repairs may reach back to.
    private const int Bits = 8192;
    private const int Late = 192;
    private const int Reach = 8 * FrameLimits.MaxReportBitmap;
    private const int Generations = 8;
    private const int MinDepth = 32;

    /// <summary>Frames that a report takes at most to look back over what came since the eighth report before
    /// it.</summary>
    public const int MaxParts = 4;

    private readonly ulong[] _opened = new ulong[Bits / 64];

    // For each of the last reports this keeps the lowest counter that was news in it: a report repeats what the seven
    // before it said.
    private readonly ulong[] _lowestNews = new ulong[Generations];
    private readonly LateNews _late = new();
    private int _generation;

    public ReceivedCounters() => Array.Fill(_lowestNews, ulong.MaxValue);

    /// <summary>Whether any counter was opened.</summary>
    public bool Any { get; private set; }

    /// <summary>The largest counter opened.</summary>
    public ulong Largest { get; private set; }

    /// <summary>Notes an opened counter; true when it leaves a gap under it that was not there before.</summary>
    public bool Record(ulong counter)
    {
        bool gap = Any ? counter > Largest + 1 : counter > 0;
        if (!Any || counter > Largest)
        {
            Advance(counter);
        }

        if (Largest - counter < Bits)
        {
            int place = Place(counter);
            _opened[place / 64] |= 1UL << (place % 64);
        }

        if (Largest - counter is > Late and < Bits)
        {
            _late.Add(counter);
        }
        else
        {
            _lowestNews[_generation] = Math.Min(_lowestNews[_generation], counter);
        }

        return gap;
    }

    /// <summary>Writes the bitmap of the next report and returns its length.</summary>
    /// <param name="bitmap">Room for the bitmap, at least 48 bytes.</param>
    /// <param name="full">Reach as far back as a report can, for a peer that has long heard nothing.</param>
    public int WriteBitmap(Span<byte> bitmap, bool full)
    {
        ulong depth = full ? Reach : Math.Clamp(News, MinDepth, Reach);
        depth = Math.Min(depth, Largest); // spec 4.2-1: no bit stands for a counter under zero.
        return Write(bitmap, Largest, (int)depth);
    }

    /// <summary>Writes the bitmap of a report of what lies further back than <see cref="WriteBitmap"/> looks; false
    /// where nothing of it was news lately.</summary>
    /// <param name="bitmap">Room for the bitmap, at least 48 bytes.</param>
    /// <param name="part">The part that is looked at, from 1, the next lower one, below <see cref="MaxParts"/>.</param>
    /// <param name="largest">The counter that stands for the largest in it.</param>
    /// <param name="length">The bitmap's length.</param>
    public bool TryWriteOlder(Span<byte> bitmap, int part, out ulong largest, out int length)
    {
        (largest, length) = (0, 0);
        ulong lowest = Largest - News;
        ulong above = (ulong)part * Reach;
        if (News <= above)
        {
            return false;
        }

        for (largest = Largest - 1 - above; largest > lowest && !IsOpened(largest); largest--)
        {
        }

        length = IsOpened(largest) ? Write(bitmap, largest, (int)Math.Min(largest - lowest, Reach)) : 0;
        return IsOpened(largest);
    }

    /// <summary>Writes the bitmap of a report of counters that were opened late; false where there are none.</summary>
    /// <param name="bitmap">Room for the bitmap, at least 48 bytes.</param>
    /// <param name="largest">The counter that stands for the largest in it.</param>
    /// <param name="length">The bitmap's length.</param>
    public bool TryWriteLate(Span<byte> bitmap, out ulong largest, out int length)
    {
        (largest, length) = (0, 0);
        if (!_late.Any)
        {
            return false;
        }

        largest = _late.Next(Reach, out int depth);
        bool isHeld = Largest - largest + (ulong)depth < Bits;
        length = isHeld ? Write(bitmap, largest, depth) : 0;
        _late.OnTold(largest, depth);
        return true;
    }

    private int Write(Span<byte> bitmap, ulong largest, int depth)
    {
        bitmap = bitmap[..FrameLimits.MaxReportBitmap];
        bitmap.Clear();
        int place = Place(largest - 1);
        for (int i = 0; i < depth; i += 64, place = (place + 64) % Bits)
        {
            int shift = place % 64;
            ulong word = _opened[place / 64] >> shift;
            word |= shift == 0 ? 0 : _opened[((place / 64) + 1) % _opened.Length] << (64 - shift);
            word &= depth - i >= 64 ? ulong.MaxValue : (1UL << (depth - i)) - 1;
            BinaryPrimitives.WriteUInt64LittleEndian(bitmap[(i >> 3)..], word);
        }

        return bitmap.TrimEnd((byte)0).Length;
    }

    /// <summary>The report is on its way: what comes now is news for the next.</summary>
    public void OnReported()
    {
        _generation = (_generation + 1) % Generations;
        _lowestNews[_generation] = ulong.MaxValue;
    }

    // How far back the oldest news of the last reports lies. spec 4.4-2
    private ulong News =>
        Largest - Math.Clamp(_lowestNews.Min(), Largest - Math.Min(Largest, MaxParts * Reach), Largest);

    private bool IsOpened(ulong counter) => (_opened[Place(counter) / 64] >> (Place(counter) % 64) & 1) != 0;

    // Counters descend in the ring, as they do in a bitmap.
    private static int Place(ulong counter) => Bits - 1 - (int)(counter % Bits);

    private void Advance(ulong counter)
    {
        if (!Any || counter - Largest >= Bits)
        {
            Array.Clear(_opened);
        }
        else
        {
            for (ulong c = Largest + 1; c <= counter; c++)
            {
                int place = Place(c);
                _opened[place / 64] &= ~(1UL << (place % 64));
            }
        }

        Largest = counter;
        Any = true;
    }
}
