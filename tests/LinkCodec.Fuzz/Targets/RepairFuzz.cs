using LinkCodec.Core.Erasure;
using LinkCodec.Core.Framing;

namespace LinkCodec.Fuzz.Targets;

/// <summary>
/// Segments and repairs from a peer that lies about them: each takes a byte that says which and how far its counter is
/// ahead, a length, and as many bytes.
/// </summary>
public static class RepairFuzz
{
    /// <summary>Runs the target once; throws when a property fails.</summary>
    public static void Run(ReadOnlySpan<byte> data)
    {
        RepairSolver solver = new();
        ulong counter = 0;
        while (data.Length >= 2)
        {
            counter += 1 + (ulong)(data[0] & 31);
            int length = Math.Min(data[1], data.Length - 2);
            byte[] bytes = data.Slice(2, length).ToArray();
            data = data[(2 + length)..];
            if (length < 6 || counter % 3 != 0)
            {
                solver.OnSegment(counter, bytes);
                continue;
            }

            int reach = 1 + ((bytes[0] | (bytes[1] << 8)) % 8192);
            solver.OnRepair(counter, new RepairFrame
            {
                Reach = (int)Math.Min((ulong)reach, counter),
                BackToLast = bytes[2],
                BackToLastButOne = bytes[3],
                Symbol = bytes.AsMemory(3),
            });
            (int equations, int unknown) = solver.Held;
            if (equations > unknown || unknown > FrameLimits.MaxEquations || solver.Bytes > 25 << 20)
            {
                throw new InvalidOperationException($"{equations} equations of {unknown}, {solver.Bytes} bytes.");
            }

            while (solver.TryTake(out ulong found, out _))
            {
                if (found >= counter)
                {
                    throw new InvalidOperationException("A segment was computed that no repair had behind it.");
                }
            }
        }
    }
}
