using System.Diagnostics.CodeAnalysis;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Media;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Endpoint;

/// <summary>
/// The message with samples that a sender is at: it is coded a few parts at a time, so that its first units leave while
/// the others are coded. Not thread-safe.
/// </summary>
internal sealed class MediaQueue
{
    // A file's parts are coded so many at a time, whatever the processor: each thread has some to do.
    private const int FileParts = 16;

    private const Effort Samples = Effort.Flight;

    private readonly EffortChooser _effort;
    private readonly MediaPacker _packer;
    private readonly int _unitSize;
    private OutgoingMessage _message;
    private CarriedForm? _form; // Null while there is no such message.
    private int _next; // Part.

    /// <summary>An empty queue.</summary>
    /// <param name="effort">The effort that the application asks for.</param>
    /// <param name="hasBlocks">Whether blocks may be sent.</param>
    /// <param name="rate">The link's rate.</param>
    /// <param name="unitSize">Bytes of a unit at most.</param>
    public MediaQueue(Effort effort, bool hasBlocks, DataRate rate, int unitSize)
    {
        // The coder of samples stands where context mixing alone does: it is as fast or slower, which shows at once.
        effort = effort == Effort.Full ? Samples : effort;
        Effort[] efforts = hasBlocks ? [Effort.Stored, Effort.Fast, Samples] : [Effort.Stored, Samples];
        _effort = new EffortChooser(effort, efforts, rate, unitSize);
        _packer = new MediaPacker(unitSize);
        _unitSize = unitSize;
    }

    /// <summary>Whether parts of a message wait to be coded.</summary>
    public bool IsAtWork => _form is not null;

    /// <summary>Whether a unit is begun that is not full.</summary>
    public bool HasOpen => _packer.HasOpen;

    /// <summary>Whether a message holds samples.</summary>
    public static bool IsMedia(OutgoingMessage message) =>
        CarriedForm.IsMarked(message.Content.Span) && CarriedForm.TryRead(message.Content.Span, out CarriedForm form)
            && form.PartCount > 0;

    /// <summary>Takes a message that holds samples, where coding them is worth it on this link.</summary>
    /// <param name="message">The message.</param>
    /// <param name="now">The present.</param>
    /// <param name="waiting">Bytes of units that wait for the link.</param>
    public bool TryBegin(OutgoingMessage message, Timestamp now, long waiting)
    {
        if (_form is null && CarriedForm.TryRead(message.Content.Span, out CarriedForm form)
            && _effort.Choose(now, waiting, LeastBytes(form), 1).Effort == Samples)
        {
            (_message, _form, _next) = (message, form, 0);
        }

        return _form is not null;
    }

    /// <summary>Takes the next parts to be coded.</summary>
    /// <param name="now">The present.</param>
    /// <param name="waiting">Bytes of units that wait for the link.</param>
    /// <param name="isFile">Whether the units go into a file.</param>
    /// <param name="batch">The parts; null when false.</param>
    public bool TryTake(Timestamp now, long waiting, bool isFile, [NotNullWhen(true)] out MediaBatch? batch)
    {
        batch = null;
        if (_form is null)
        {
            return false;
        }

        int most = isFile
            ? int.MaxValue
            : _effort.Choose(now, waiting, LeastBytes(_form), FileParts).BatchBytes;
        int end = _next;
        do
        {
            end++;
        }
        while (end < _form.PartCount && end - _next < FileParts
            && _form.Part(end).End - _form.Part(_next).Start <= most);

        batch = new MediaBatch(_message, _form, _next, end, _unitSize);
        _next = end;
        if (end == _form.PartCount)
        {
            (_message, _form) = (default, null);
        }

        return true;
    }

    /// <summary>Takes coded parts back.</summary>
    /// <param name="batch">The parts.</param>
    /// <param name="seconds">The time that they took.</param>
    /// <param name="mayWait">Whether something may follow that fills the last unit.</param>
    /// <param name="add">Where full units go.</param>
    public void Return(MediaBatch batch, double seconds, bool mayWait, Action<PackedUnit> add)
    {
        List<PackedUnit> full = [];
        foreach (MediaFrame frame in batch.Frames)
        {
            _packer.Add(frame, full);
        }

        if (!mayWait)
        {
            _packer.Close(full);
        }

        full.ForEach(add);
        _effort.OnCoded(Samples, batch.MessageBytes, full.Sum(unit => (long)unit.PayloadBytes),
            full.Sum(unit => unit.MessageBytes), seconds);
    }

    /// <summary>Closes the unit that is begun.</summary>
    public void Close(Action<PackedUnit> add)
    {
        List<PackedUnit> full = [];
        _packer.Close(full);
        full.ForEach(add);
    }

    // Nothing smaller than a part is coded.
    private static int LeastBytes(CarriedForm form) => form.Part(0).End - form.Part(0).Start;
}
