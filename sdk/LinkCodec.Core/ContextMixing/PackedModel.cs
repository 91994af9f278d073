using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LinkCodec.Core.ContextMixing;

/// <summary>
/// Finds the width of numbers that are packed without regard to bytes, from the distances at which bits come back
/// equal, and gives contexts of the bits one and two numbers before.
/// </summary>
/// <remarks>Spec: protocol-spec/10-context-mixing.md, section 4.</remarks>
internal sealed class PackedModel
{
    /// <summary>The least and the largest width.</summary>
    internal const int Narrowest = 3;
    internal const int Widest = 63;

    private const int Lanes = 16;
    private const int RateShift = 6;
    private const int Full = 1 << 12;
    private const int Margin = 32; // what another width must be better by
    private const int MostAgreed = 15;
    private readonly short[] _scores = new short[64]; // by distance less one: how often bits agree, to 4,096
    private ulong _bits; // the message's last bits, the latest lowest
    private int _count;
    private int _place;  // the bits modulo the width
    private int _agreed; // bits in a row that were those one number before

    /// <summary>The width in bits.</summary>
    internal int Width { get; private set; }

    internal void Begin()
    {
        Array.Fill(_scores, (short)(Full / 2));
        (_bits, _count, _place, _agreed, Width) = (0, 0, 0, 0, 8);
    }

    /// <summary>The contexts of the next bit: with its place in the number, and without. spec 10.4-4</summary>
    internal (uint Placed, uint Free) Contexts()
    {
        uint back = Back(Width) | (Back(2 * Width) << 1);
        uint agreed = (uint)_agreed;
        return (ContextHash.Of((uint)_place | (back << 8) | (Math.Min(agreed, 7) << 12), (uint)Width + 51),
            ContextHash.Of(back | (Back(Width - 1) << 2) | (agreed << 4), 52));
    }

    /// <summary>Learns a bit. spec 10.4-4</summary>
    internal void Update(int bit)
    {
        _agreed = Back(Width) == (uint)bit ? Math.Min(_agreed + 1, MostAgreed) : 0;
        ulong agree = bit != 0 ? _bits : ~_bits;
        Vector256<short> places = Vector256.Create(
            (short)1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, -32768);
        ref short scores = ref MemoryMarshal.GetArrayDataReference(_scores);
        Move(ref scores, 0, agree, places);
        Move(ref scores, Lanes, agree >> Lanes, places);
        Move(ref scores, 2 * Lanes, agree >> (2 * Lanes), places);
        Move(ref scores, 3 * Lanes, agree >> (3 * Lanes), places);
        _bits = (_bits << 1) | (uint)bit;
        _count++;
        _place = _place + 1 == Width ? 0 : _place + 1;
        if ((_count & 7) == 0)
        {
            Choose();
        }
    }

    // The scores of sixteen distances; a lane whose place is set agrees.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Move(ref short scores, nuint at, ulong agree, Vector256<short> places)
    {
        Vector256<short> some = Vector256.Create((short)agree) & places;
        Vector256<short> came = Vector256.Equals(some, places) & Vector256.Create((short)Full);
        Vector256<short> moved = Vector256.LoadUnsafe(ref scores, at);
        (moved + ((came - moved) >> RateShift)).StoreUnsafe(ref scores, at);
    }

    private void Choose()
    {
        // Hardly ever is another width better by so much.
        Vector256<short> least = Vector256.Create((short)(_scores[Width - 1] + Margin));
        ref short scores = ref MemoryMarshal.GetArrayDataReference(_scores);
        if (!Vector256.GreaterThanAny(Vector256.LoadUnsafe(ref scores), least)
            && !Vector256.GreaterThanAny(Vector256.LoadUnsafe(ref scores, Lanes), least)
            && !Vector256.GreaterThanAny(Vector256.LoadUnsafe(ref scores, 2 * Lanes), least)
            && !Vector256.GreaterThanAny(Vector256.LoadUnsafe(ref scores, 3 * Lanes), least))
        {
            return;
        }

        int best = Width;
        for (int width = Narrowest; width <= Widest; width++)
        {
            if (_scores[width - 1] > _scores[best - 1] + (best == Width ? Margin : 0))
            {
                best = width;
            }
        }

        if (best != Width)
        {
            Width = best;
            _place = _count % best;
        }
    }

    // The bit this many before the next one; 0 where the history has none.
    private uint Back(int distance) => distance is > 0 and <= 64 ? (uint)(_bits >> (distance - 1)) & 1 : 0;
}
