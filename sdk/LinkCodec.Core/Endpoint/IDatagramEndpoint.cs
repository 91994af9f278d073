using System.Diagnostics.CodeAnalysis;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Endpoint;

/// <summary>
/// An end of a link as a state machine over bytes and instants: it owns no socket, clock, thread or task.
/// </summary>
/// <remarks>
/// <para>Drive it so: <see cref="OnDatagram"/> with what comes, <see cref="OnTimeout"/> when <see cref="NextDeadline"/>
/// is reached, and after either, and after every call of the application's side, <see cref="TryTakeWork"/> and
/// <see cref="TryTransmit"/> until both are false. Work is coded wherever the driver likes, for as long as it takes,
/// and brought back with <see cref="Return"/>. Instants must not go backwards.</para>
/// <para>Not thread-safe. Memory is bounded by the options, whatever the peer sends.</para>
/// </remarks>
internal interface IDatagramEndpoint : IDisposable
{
    /// <summary>Bytes of the longest datagram that <see cref="TryTransmit"/> writes.</summary>
    int MaxDatagramSize { get; }

    /// <summary>
    /// The instant at which <see cref="OnTimeout"/> is due at the latest; <see cref="Timestamp.Never"/> while nothing
    /// waits for time to pass.
    /// </summary>
    Timestamp NextDeadline { get; }

    /// <summary>
    /// Whether there is room for a datagram. False only where nothing is sent again: then it is to wait in the path
    /// instead.
    /// </summary>
    bool TakesDatagrams { get; }

    /// <summary>Whether there is nothing left to do: no datagram, no timer and no work.</summary>
    bool IsOver { get; }

    /// <summary>Takes a datagram. Whatever its bytes are, it does not throw.</summary>
    /// <param name="datagram">The bytes; valid during the call.</param>
    /// <param name="from">The address that the datagram says it comes from.</param>
    /// <param name="now">The present.</param>
    DatagramStatus OnDatagram(ReadOnlySpan<byte> datagram, PathAddress from, Timestamp now);

    /// <summary>The path has an end, as a file does, and nothing comes any more.</summary>
    void OnPathEnd(Timestamp now);

    /// <summary>Does what is due; nothing when nothing is.</summary>
    void OnTimeout(Timestamp now);

    /// <summary>Writes the next datagram; false when there is none, or not yet.</summary>
    /// <param name="destination">Room for at least <see cref="MaxDatagramSize"/> bytes.</param>
    /// <param name="now">The present; <see cref="Timestamp.Never"/> for what leaves at once, whatever the
    /// pacing.</param>
    /// <param name="transmission">The datagram's length and the address that it goes to.</param>
    bool TryTransmit(Span<byte> destination, Timestamp now, out Transmission transmission);

    /// <summary>
    /// Hands out something to code or decode; false when there is nothing. What a session hands out has to come back
    /// before it gives more.
    /// </summary>
    bool TryTakeWork([NotNullWhen(true)] out CodingWork? work);

    /// <summary>Takes back work that is done, or that has a <see cref="CodingWork.Failure"/>.</summary>
    void Return(CodingWork work, Timestamp now);

    /// <summary>
    /// Ends everything at once, for a driver that does not stay: what is left to be said is written by
    /// <see cref="TryTransmit"/> at <see cref="Timestamp.Never"/>.
    /// </summary>
    /// <param name="now">The present.</param>
    /// <param name="reason">A line for a person at the other end, perhaps empty.</param>
    void Leave(Timestamp now, string reason);
}
