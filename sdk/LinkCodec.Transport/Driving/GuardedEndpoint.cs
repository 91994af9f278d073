using System.Diagnostics.CodeAnalysis;
using LinkCodec.Core.Endpoint;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Transport.Driving;

/// <summary>
/// An endpoint that a driver shares with its application: the application holds the gate while it uses the endpoint
/// itself.
/// </summary>
internal sealed class GuardedEndpoint(IDatagramEndpoint endpoint, SystemTimestampSource clock)
{
    /// <summary>Guards the endpoint.</summary>
    public Lock Gate { get; } = new();

    public int MaxDatagramSize => endpoint.MaxDatagramSize;

    /// <summary>
    /// The endpoint's state as far as a driver waits for it: whether it is over, whether it takes datagrams, and its
    /// deadline.
    /// </summary>
    public (bool IsOver, bool TakesDatagrams, Timestamp Deadline) State
    {
        get
        {
            lock (Gate)
            {
                return (endpoint.IsOver, endpoint.TakesDatagrams, endpoint.NextDeadline);
            }
        }
    }

    /// <summary>Does what is due by now.</summary>
    public void OnTimeout()
    {
        lock (Gate)
        {
            if (endpoint.NextDeadline <= clock.Now)
            {
                endpoint.OnTimeout(clock.Now);
            }
        }
    }

    /// <summary>Takes a datagram, or the end of the link.</summary>
    public void OnReceived(ReceivedDatagram received, ReadOnlySpan<byte> datagram)
    {
        lock (Gate)
        {
            if (received.IsEnd)
            {
                endpoint.OnPathEnd(clock.Now);
            }
            else
            {
                endpoint.OnDatagram(datagram, PathAddresses.Of(received.From), clock.Now);
            }
        }
    }

    public bool TryTransmit(byte[] destination, Timestamp now, out Transmission written)
    {
        lock (Gate)
        {
            return endpoint.TryTransmit(destination, now, out written);
        }
    }

    public bool TryTakeWork([NotNullWhen(true)] out CodingWork? work)
    {
        lock (Gate)
        {
            return endpoint.TryTakeWork(out work);
        }
    }

    public void Return(CodingWork work)
    {
        lock (Gate)
        {
            endpoint.Return(work, clock.Now);
        }
    }

    public void Leave(string reason)
    {
        lock (Gate)
        {
            endpoint.Leave(clock.Now, reason);
        }
    }
}
