using LinkCodec.Core.Framing;
using LinkCodec.Core.Media;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Compression;

/// <summary>
/// Joins the stretches of media codes, which units hold as segments have room, to whole codes, and keeps codes that
/// need what stands before their part until that is there. Memory is bounded. Not thread-safe.
/// </summary>
/// <param name="maxHeld">Bytes that codes may take which are not whole.</param>
/// <param name="givesUp">Whether the code that stands first is given up where more come: on links on which nothing is
/// sent again.</param>
/// <param name="messages">What is there of messages; null where no code that needs it is taken.</param>
internal sealed class MediaAssembler(long maxHeld, bool givesUp, MessageAssembler? messages = null)
{
    private readonly SortedDictionary<(ulong Message, ulong Start), PartialCode> _codes = [];
    private readonly SortedDictionary<(ulong Message, ulong Start), DataFrame> _waiting = [];

    /// <summary>The memory that codes take which are not whole or wait, in bytes.</summary>
    public long Held { get; private set; }

    /// <summary>The memory that codes take which wait for what stands before their part, in bytes.</summary>
    public long Waiting { get; private set; }

    /// <summary>Takes the stretches out of a unit, and puts codes that are whole now into their place.</summary>
    /// <param name="unit">The frames of a unit.</param>
    /// <param name="whole">The frames that can be decoded; may be empty.</param>
    /// <returns><see cref="LinkErrorCode.Malformed"/> where stretches contradict each other,
    /// <see cref="LinkErrorCode.LimitExceeded"/> where too much is held.</returns>
    public LinkErrorCode Take(IReadOnlyList<DataFrame> unit, out IReadOnlyList<DataFrame> whole)
    {
        whole = unit;
        if (!unit.Any(frame => frame.IsMedia))
        {
            return LinkErrorCode.None;
        }

        List<DataFrame> frames = [];
        whole = frames;
        foreach (DataFrame frame in unit)
        {
            if (!frame.IsMedia)
            {
                frames.Add(frame);
            }
            else if (!TryAdd(frame, frames))
            {
                return LinkErrorCode.Malformed; // spec 12.3-2
            }
        }

        while (Held > maxHeld)
        {
            if (!givesUp)
            {
                return LinkErrorCode.LimitExceeded;
            }

            Drop();
        }

        return LinkErrorCode.None;
    }

    /// <summary>
    /// Takes the codes that waited and can be decoded now, by message and part; to be called when messages have grown.
    /// Those whose messages are done with are forgotten.
    /// </summary>
    public IReadOnlyList<DataFrame> TakeReady()
    {
        List<DataFrame> ready = [];
        foreach (((ulong Message, ulong Start) key, DataFrame frame) in _waiting.ToArray())
        {
            if (messages is null || messages.IsDone(key.Message))
            {
                Settle(key);
            }
            else if (IsReady(frame, out DataFrame whole))
            {
                Settle(key);
                ready.Add(whole);
            }
        }

        return ready;
    }

    /// <summary>Forgets the codes of messages before one: they were given up.</summary>
    public void Forget(ulong firstMessage)
    {
        while (_codes.Count > 0 && _codes.Keys.First() is var key && key.Message < firstMessage)
        {
            Remove(key);
        }

        while (_waiting.Count > 0 && _waiting.Keys.First() is var waiting && waiting.Message < firstMessage)
        {
            Settle(waiting);
        }
    }

    private bool TryAdd(DataFrame frame, List<DataFrame> frames)
    {
        (ulong, ulong) key = (frame.FirstMessage, frame.Offset - (ulong)frame.CodeStart);
        if (!_codes.TryGetValue(key, out PartialCode? code))
        {
            _codes[key] = code = new PartialCode();
        }

        long before = code.Stretches.Cost;
        if (!code.Stretches.TryAdd(frame.CodeStart, frame.Payload, frame.EndsCode))
        {
            return false;
        }

        Held += code.Stretches.Cost - before;
        code.End = frame.EndsCode ? frame : code.End;
        if (code.Stretches.TryJoin(out ReadOnlyMemory<byte> whole))
        {
            Remove(key);
            DataFrame joined = code.End with { Offset = key.Item2, CodeStart = 0, Payload = whole };
            if (IsReady(joined, out joined))
            {
                frames.Add(joined);
            }
            else if (_waiting.TryAdd(key, joined))
            {
                Held += CostOf(joined);
                Waiting += CostOf(joined);
            }
        }

        return true;
    }

    private void Remove((ulong, ulong) key)
    {
        if (_codes.Remove(key, out PartialCode? code))
        {
            Held -= code.Stretches.Cost;
        }
    }

    // Whether what a code needs is there; the frame has it then.
    private bool IsReady(DataFrame frame, out DataFrame ready)
    {
        ready = frame;
        if (!MediaCode.NeedsBefore(frame.Payload.Span, out int back, out int length) || frame.Offset < (ulong)back
            || frame.Offset > int.MaxValue)
        {
            return true; // Where the numbers are wrong, the decoder says so.
        }

        // spec 12.3-4
        ReadOnlyMemory<byte> before = default;
        bool isThere = messages?.TryRead(frame.FirstMessage, (int)frame.Offset - back, length, out before) ?? false;
        ready = frame with { Before = before };
        return isThere;
    }

    private void Settle((ulong, ulong) key)
    {
        if (_waiting.Remove(key, out DataFrame frame))
        {
            Held -= CostOf(frame);
            Waiting -= CostOf(frame);
        }
    }

    // What has waited longest is given up.
    private void Drop()
    {
        if (_codes.Count > 0)
        {
            Remove(_codes.Keys.First());
        }
        else
        {
            Settle(_waiting.Keys.First());
        }
    }

    private static long CostOf(DataFrame frame) => frame.Payload.Length + CompressionLimits.HeldCost;

    private sealed class PartialCode
    {
        public PartialMessage Stretches { get; } = new();

        public DataFrame End { get; set; }
    }
}
