using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using LinkCodec.Core.ContextMixing;

namespace LinkCodec.Core.PrimedMixing;

/// <summary>
/// The counters of a code: those that it has met, each context's in a table of its own. What a code meets for the
/// first time is copied from the trained tables, which nobody changes. Not thread-safe.
/// </summary>
/// <remarks>Memory: 1.2 MB. Spec: protocol-spec/16-primed-mixing.md, section 2.</remarks>
internal sealed class PrimedBuckets
{
    private const int Contexts = PrimedLayout.Contexts;
    private const int Size = PrimedLayout.BucketSize;
    private const int LowNibble = 1000;
    private readonly PrimedModel _model;
    private readonly ushort[] _counters;
    private readonly int _start; // the first bucket
    private readonly int[] _found = new int[Contexts];
    private readonly uint[] _hashes = new uint[Contexts];
    private readonly int[] _missing = new int[Contexts + 1]; // contexts that the code has not met
    private readonly int[] _trained = new int[Contexts];     // the first trained bucket of each of these
    private readonly ushort[] _checks = new ushort[Contexts]; // and its check

    internal PrimedBuckets(PrimedModel model)
    {
        _model = model;
        _counters = PrimedModel.Aligned((Contexts << PrimedLayout.CodeBits) * Size, out _start);
    }

    /// <summary>All counters; those of a context's bucket begin at <see cref="Found"/>.</summary>
    internal ref ushort Counters => ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_counters), _start);

    /// <summary>Where each context's bucket begins.</summary>
    internal ref int Found => ref MemoryMarshal.GetArrayDataReference(_found);

    /// <summary>Forgets everything that a code has met.</summary>
    internal void Clear() => Array.Clear(_counters);

    /// <summary>Finds the buckets of a byte's first four bits.</summary>
    internal void FindHigh(uint[] hashes)
    {
        hashes.CopyTo(_hashes, 0);
        Find();
    }

    /// <summary>Finds the buckets of its other four. spec 16.2-1</summary>
    /// <param name="hashes">The contexts.</param>
    /// <param name="partial">The first four bits behind a 1.</param>
    internal void FindLow(uint[] hashes, int partial)
    {
        for (int context = 0; context < Contexts; context++)
        {
            _hashes[context] = ContextHash.Of(hashes[context], (uint)partial + LowNibble);
        }

        Find();
    }

    // spec 16.2-3
    private void Find()
    {
        ref ushort counters = ref Counters;
        int missing = 0;
        for (int context = 0; context < Contexts; context++)
        {
            uint hash = _hashes[context];
            ushort check = (ushort)(hash | 1);
            int first = (context << (PrimedLayout.CodeBits + 4))
                + ((int)(hash >> (32 - PrimedLayout.CodeBits)) * Size);
            bool isFirst = Unsafe.Add(ref counters, first) == check;
            bool isSecond = Unsafe.Add(ref counters, first ^ Size) == check;
            _found[context] = isFirst ? first : first ^ Size;
            _missing[missing] = context;
            missing += isFirst || isSecond ? 0 : 1;
        }

        // The trained tables do not stay in the caches: all are read first, so that the processor waits for them once.
        ref ushort trained = ref _model.Counters;
        for (int i = 0; i < missing; i++)
        {
            int context = _missing[i];
            int number = (int)(_hashes[context] >> (32 - _model.Bits[context]));
            int place = _model.Starts[context] + (number * Size);
            _trained[i] = place;
            _checks[i] = Unsafe.Add(ref trained, place);
        }

        for (int i = 0; i < missing; i++)
        {
            int context = _missing[i];
            _found[context] = Fetch(ref counters, i, (ushort)(_hashes[context] | 1), _found[context] ^ Size,
                _found[context]);
        }
    }

    private int Fetch(ref ushort counters, int missing, ushort check, int first, int second)
    {
        ref ushort one = ref Unsafe.Add(ref counters, first);
        ref ushort two = ref Unsafe.Add(ref counters, second);
        int place = one != 0 && (two == 0 || (Unsafe.Add(ref two, 1) & 15) < (Unsafe.Add(ref one, 1) & 15))
            ? second
            : first;
        ref ushort trained = ref _model.Counters;
        int from = _checks[missing] == check ? _trained[missing] : _trained[missing] ^ Size; // spec 16.2-2
        Vector256<ushort> bucket = Unsafe.Add(ref trained, from) == check
            ? Vector256.LoadUnsafe(ref trained, (nuint)from)
            : Vector256.Create(PrimedLayout.EvenCounter);
        bucket.StoreUnsafe(ref counters, (nuint)place);
        Unsafe.Add(ref counters, place) = check;
        return place;
    }
}
