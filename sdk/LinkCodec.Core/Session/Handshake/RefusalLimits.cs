using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Session.Handshake;

/// <summary>
/// The limits of the refusals that each address may get: a few at once, then one each interval, and never more bytes
/// than came from there.
/// </summary>
/// <remarks>
/// An Initiate that asks for an unknown snapshot cannot be authenticated, so its address may be a victim's. Each
/// address has its own allowance, so that a flood from one does not silence the others. The table is of fixed size: an
/// address that takes another's place starts with nothing earned, and takes over how much was sent from that place.
/// </remarks>
/// <param name="interval">The handshake's retransmission interval.</param>
/// <param name="salt">Unknown to strangers, so that they cannot choose addresses that share a place.</param>
internal sealed class RefusalLimits(TimeSpan interval, ulong salt)
{
    private const int Burst = 8;
    private const int Places = 1024;
    private const int MaxCredit = 1024;

    private readonly Place[] _places = new Place[Places];
    private Place _nameless = new() { IsUsed = true, Left = Burst };

    private record struct Place(bool IsUsed, ulong Source, int Credit, int Left, Timestamp CountedAt);

    /// <summary>Whether a refusal may go to where a datagram came from; it then counts as sent.</summary>
    /// <param name="source">The address; null where the link has none, and so no victims.</param>
    /// <param name="asked">Bytes of the datagram.</param>
    /// <param name="answer">Bytes of the refusal.</param>
    /// <param name="now">The present.</param>
    internal bool TryTake(ulong? source, int asked, int answer, Timestamp now)
    {
        ref Place place = ref _nameless;
        if (source is { } address)
        {
            place = ref _places[((address ^ salt) * 0x9E37_79B9_7F4A_7C15) >> 54];
            place = place with
            {
                IsUsed = true,
                Source = address,
                Credit = Math.Min(MaxCredit, asked + (place.IsUsed && place.Source == address ? place.Credit : 0)),
                Left = place.IsUsed ? place.Left : Burst,
            };
            if (place.Credit < answer) // spec 2.3-6
            {
                return false;
            }
        }

        long earned = interval <= TimeSpan.Zero ? Burst : Math.Max(0, (now - place.CountedAt).Ticks / interval.Ticks);
        if (earned > 0 || place.Left == Burst)
        {
            place.Left = (int)Math.Min(Burst, place.Left + earned);
            place.CountedAt = now;
        }

        if (place.Left == 0) // spec 2.3-5
        {
            return false;
        }

        place.Left--;
        place.Credit -= answer;
        return true;
    }
}
