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
    // Parts are coded so many at a time: threads have some each, and the first units leave soon; a file's have time.
    private const int Parts = 4;
    private const int FileParts = 16;

    // Bytes of an image's samples that a core codes in a second in the strong code, about, and the bytes that they
    // become: of three.
    private const double StrongSpeed = 90e3;
    private const int Shrinks = 3;

    private readonly bool _isStrongWanted;
    private readonly bool _isWanted;
    private readonly bool _isFast;
    private readonly MediaPacker _packer;
    private readonly int _unitSize;
    private OutgoingMessage _message;
    private CarriedForm? _form; // Null while there is no such message.
    private int _next; // Part.

    /// <summary>An empty queue.</summary>
    /// <param name="effort">The effort that the application asks for: with less than flight, images and cubes take
    /// the fast code and other samples none.</param>
    /// <param name="rate">The link's: with the effort auto, the fast code is taken where the strong one would starve
    /// it.</param>
    /// <param name="cores">Threads that code at once.</param>
    /// <param name="unitSize">Bytes of a unit at most.</param>
    public MediaQueue(Effort effort, DataRate rate, int cores, int unitSize)
    {
        _isWanted = effort != Effort.Stored;
        _isFast = effort is Effort.Fast or Effort.Primed
            || (effort == Effort.Auto && IsStarved(rate, cores));
        _isStrongWanted = effort is Effort.Auto or Effort.Flight or Effort.Full;
        _packer = new MediaPacker(unitSize);
        _unitSize = unitSize;
    }

    /// <summary>Whether parts of a message wait to be coded.</summary>
    public bool IsAtWork => _form is not null;

    /// <summary>Whether a unit is begun that is not full.</summary>
    public bool HasOpen => _packer.HasOpen;

    /// <summary>Whether a message holds samples.</summary>
    public static bool IsMedia(OutgoingMessage message) =>
        message.IsWhole && CarriedForm.IsMarked(message.Content.Span)
            && CarriedForm.TryRead(message.Content.Span, out CarriedForm form)
            && form.PartCount > 0;

    /// <summary>Whether samples of a kind have a fast code.</summary>
    public static bool HasFastCode(MediaKind kind) => kind is MediaKind.Image or MediaKind.Cube;

    /// <summary>Whether a link would wait for images in the strong code.</summary>
    /// <param name="rate">The link's.</param>
    /// <param name="cores">Threads that code at once.</param>
    public static bool IsStarved(DataRate rate, int cores) =>
        !rate.IsUnlimited && rate.BitsPerSecond > 8 * StrongSpeed * cores / Shrinks;

    /// <summary>Takes a message that holds samples, where they are to be coded.</summary>
    public bool TryBegin(OutgoingMessage message)
    {
        if (_isWanted && _form is null && CarriedForm.TryRead(message.Content.Span, out CarriedForm form)
            && (_isStrongWanted || HasFastCode(form.Kind)))
        {
            (_message, _form, _next) = (message, form, 0);
        }

        return _form is not null;
    }

    /// <summary>Takes the next parts to be coded.</summary>
    /// <param name="isFile">Whether the units go into a file.</param>
    /// <param name="batch">The parts; null when false.</param>
    public bool TryTake(bool isFile, [NotNullWhen(true)] out MediaBatch? batch)
    {
        batch = null;
        if (_form is null)
        {
            return false;
        }

        int end = Math.Min(_form.PartCount, _next + (isFile ? FileParts : Parts));
        batch = new MediaBatch(_message, _form, _next, end, _unitSize, _isFast && HasFastCode(_form.Kind));
        _next = end;
        if (end == _form.PartCount)
        {
            (_message, _form) = (default, null);
        }

        return true;
    }

    /// <summary>Takes coded parts back.</summary>
    /// <param name="batch">The parts.</param>
    /// <param name="mayWait">Whether something may follow that fills the last unit.</param>
    /// <param name="add">Where full units go.</param>
    public void Return(MediaBatch batch, bool mayWait, Action<PackedUnit> add)
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
    }

    /// <summary>Closes the unit that is begun.</summary>
    public void Close(Action<PackedUnit> add)
    {
        List<PackedUnit> full = [];
        _packer.Close(full);
        full.ForEach(add);
    }
}
