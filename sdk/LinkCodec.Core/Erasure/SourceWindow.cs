using System.Diagnostics;
using System.Runtime.InteropServices;

namespace LinkCodec.Core.Erasure;

/// <summary>The plaintexts of the last segments, by counter: what a sender makes repairs of, and what a receiver knows
/// of those that enter one.</summary>
/// <remarks>Refers to the plaintexts that it is given, which must not change. It holds as many as it was asked to,
/// 8,192 or 16 MiB of them at most.</remarks>
internal sealed class SourceWindow
{
    private const int InitialLength = 256; // spec 15.3-1
    private Slot[] _slots = [];
    private long _bytes;
    private int _known;

    private enum State : byte
    {
        Unknown,
        Source,
        Repair,
    }

    /// <summary>One more than the highest counter of which something is known.</summary>
    public ulong Next { get; private set; }

    /// <summary>The lowest counter that the window reaches.</summary>
    public ulong First { get; private set; }

    /// <summary>Segments that the window reaches and of which nothing is known.</summary>
    public int Unknown => (int)(Next - First) - _known;

    /// <summary>Bytes of the plaintexts held.</summary>
    public long Bytes => _bytes;

    /// <summary>Makes the window hold at least the last <paramref name="count"/> segments, from now on.</summary>
    public void Reach(int count)
    {
        int length = Math.Max(InitialLength, _slots.Length);
        while (length < Math.Min(count, RepairLimits.MaxReach))
        {
            length *= 2;
        }

        if (length > _slots.Length)
        {
            Slot[] larger = new Slot[length];
            for (ulong counter = First; counter < Next && _slots.Length > 0; counter++)
            {
                larger[(int)(counter & (ulong)(length - 1))] = At(counter);
            }

            _slots = larger;
        }
    }

    /// <summary>Takes the plaintext of a segment; nothing where it is too old.</summary>
    public void Add(ulong counter, ReadOnlyMemory<byte> plaintext)
    {
        if (Advance(counter) && At(counter).State == State.Unknown)
        {
            bool isArray = MemoryMarshal.TryGetArray(plaintext, out ArraySegment<byte> bytes);
            Debug.Assert(isArray, "Plaintexts lie in arrays.");
            At(counter) = new Slot
            {
                State = State.Source, Bytes = bytes.Array, Offset = bytes.Offset, Length = bytes.Count,
            };
            _known++;
            _bytes += plaintext.Length;
            while (_bytes > RepairLimits.MaxReachBytes && First < Next)
            {
                DropFirst();
            }
        }
    }

    /// <summary>Notes that a segment is a repair, and enters none.</summary>
    public void AddRepair(ulong counter)
    {
        if (Advance(counter) && At(counter).State == State.Unknown)
        {
            At(counter).State = State.Repair;
            _known++;
        }
    }

    /// <summary>Whether nothing is known of a segment that the window reaches.</summary>
    public bool IsUnknown(ulong counter) =>
        counter >= First && (counter >= Next || At(counter).State == State.Unknown);

    /// <summary>The plaintext of a segment; false where it is a repair, or nothing is known of it.</summary>
    public bool TryGet(ulong counter, out ReadOnlySpan<byte> plaintext)
    {
        plaintext = default;
        if (counter < First || counter >= Next)
        {
            return false;
        }

        ref readonly Slot slot = ref At(counter);
        plaintext = slot.Bytes.AsSpan(slot.Offset, slot.Length);
        return slot.State == State.Source;
    }

    /// <summary>The length of the symbol that holds the longest plaintext from <paramref name="first"/> on.</summary>
    public int SymbolLength(ulong first)
    {
        int longest = 0;
        for (ulong counter = Math.Max(first, First); counter < Next; counter++)
        {
            longest = Math.Max(longest, At(counter).Length);
        }

        return RepairLimits.SymbolHeader + longest;
    }

    /// <summary>Adds a plaintext, behind its length and in front of zeros, to a symbol that is at least as
    /// long.</summary>
    public static void AddProduct(Span<byte> symbol, ReadOnlySpan<byte> plaintext, byte factor)
    {
        symbol[0] ^= GaloisField.Multiply((byte)(plaintext.Length >> 8), factor);
        symbol[1] ^= GaloisField.Multiply((byte)plaintext.Length, factor);
        GaloisField.AddProduct(symbol[RepairLimits.SymbolHeader..], plaintext, factor);
    }

    private ref Slot At(ulong counter) => ref _slots[(int)(counter & (ulong)(_slots.Length - 1))];

    // Moves the window so that it holds the counter; false where the counter lies behind it.
    private bool Advance(ulong counter)
    {
        Reach(0);
        if (counter >= Next)
        {
            ulong first = counter + 1 > (ulong)_slots.Length ? counter + 1 - (ulong)_slots.Length : 0;
            while (First < first && First < Next)
            {
                DropFirst();
            }

            First = Math.Max(First, first);
            Next = counter + 1;
        }

        return counter >= First;
    }

    private void DropFirst()
    {
        ref Slot slot = ref At(First++);
        _bytes -= slot.Length;
        _known -= slot.State == State.Unknown ? 0 : 1;
        slot = default;
    }

    private struct Slot
    {
        // Smaller, and quicker to look at, than a memory: a repair looks at a thousand of them.
        public byte[]? Bytes;
        public int Offset;
        public int Length;
        public State State;
    }
}
