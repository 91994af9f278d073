using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Endpoint;

/// <summary>
/// Tells a sender how many messages of its durable queue were delivered: {9: count}. Spec: protocol-spec/04-frames.md,
/// section 4.8.
/// </summary>
/// <remarks>
/// What is told takes some 60 bytes, with the report of it: it is told at once after a pause and where the sender asks,
/// and otherwise once in 200 times as many received bytes, or in ten seconds.
/// </remarks>
internal sealed class DeliveryReport(TimeSpan oneWayDelay)
{
    private const int CountKey = 9;
    private const int KeepsKey = 13;
    private const int HeldKey = 14;
    private const long BytesBetween = 12_800;

    private readonly TimeSpan _shortest = (4 * oneWayDelay) + TimeSpan.FromSeconds(1);
    private readonly TimeSpan _longest = (4 * oneWayDelay) + TimeSpan.FromSeconds(10);
    private ulong _delivered;
    private ulong _held;
    private bool _keeps;
    private bool _hasNews;
    private bool _isUrgent;
    private bool _isAsked;
    private Timestamp? _toldAt;
    private long _toldBytes;

    /// <summary>The instant at which something is due to be told.</summary>
    public Timestamp DueAt => !_hasNews ? Timestamp.Never
        : _isUrgent || _isAsked || _toldAt is not { } told ? Timestamp.Zero
        : told + _longest;

    /// <summary>Takes the count.</summary>
    /// <param name="delivered">Messages of the queue that are delivered.</param>
    /// <param name="isUrgent">Whether the sender waits for it.</param>
    public void Set(ulong delivered, bool isUrgent)
    {
        _held = delivered == _delivered ? _held : 0;
        (_delivered, _hasNews, _isUrgent) = (delivered, true, _isUrgent | isUrgent);
    }

    /// <summary>The sender asks: what is new, or will be, is told at once.</summary>
    public void OnAsked() => _isAsked = true;

    /// <summary>Takes what a sender is told when its session begins, which waits for it.</summary>
    /// <param name="delivered">Messages of the queue that are delivered.</param>
    /// <param name="held">Bytes that are there of the message behind them.</param>
    /// <param name="keeps">Whether this end keeps the secret by which the sender may resume the session.</param>
    public void SetFirst(ulong delivered, ulong held, bool keeps) =>
        (_delivered, _held, _keeps, _hasNews, _isUrgent) = (delivered, held, keeps, true, true);

    /// <summary>Gives out the map that is due; null where none is.</summary>
    /// <param name="now">The present.</param>
    /// <param name="received">Bytes that were received in the session.</param>
    public byte[]? TryTake(Timestamp now, long received)
    {
        bool isDue = DueAt <= now
            || (_hasNews && received - _toldBytes >= BytesBetween && now - _toldAt >= _shortest);
        if (!isDue)
        {
            return null;
        }

        List<(int Key, ulong Value)> entries = [(CountKey, _delivered)];
        entries.AddRange(_held > 0 ? [(HeldKey, _held)] : []);
        entries.AddRange(_keeps ? [(KeepsKey, 1)] : []);
        (_toldAt, _toldBytes) = _isUrgent ? (_toldAt, _toldBytes) : (now, received); // The first news is told at once.
        (_held, _keeps, _hasNews, _isUrgent, _isAsked) = (0, false, false, false, false);
        return ControlMap.Write([.. entries]);
    }

    /// <summary>Reads a control map: the count; null where it says none. Peer bytes: never throws.</summary>
    public static ulong? Read(byte[] map) =>
        ControlMap.Read(map)?.TryGetValue(CountKey, out ulong count) == true ? count : null;

    /// <summary>Whether a control map says that the receiver keeps the secret by which the session may be resumed. Peer
    /// bytes: never throws.</summary>
    public static bool ReadKeeps(byte[] map) =>
        ControlMap.Read(map)?.TryGetValue(KeepsKey, out ulong keeps) == true && keeps == 1;

    /// <summary>Reads a control map: bytes that the receiver holds of the message behind those that it has; 0 where it
    /// says none. Peer bytes: never throws.</summary>
    public static ulong ReadHeld(byte[] map) =>
        ControlMap.Read(map)?.TryGetValue(HeldKey, out ulong held) == true ? held : 0;
}
