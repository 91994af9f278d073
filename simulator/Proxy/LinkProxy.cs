using System.Net;
using LinkCodec.Core.Primitives;
using LinkCodec.Simulator.Channel;
using LinkCodec.Transport;

namespace LinkCodec.Simulator.Proxy;

/// <summary>
/// A link in real time between two processes: what a client sends here crosses the forward channel to the target, and
/// back.
/// </summary>
/// <remarks>
/// Answers go to the address that the client used last, so a client that rebinds is followed. Delays are exact to about
/// a millisecond, the resolution of timers; verdicts do not depend on them, only on the datagrams and their order and
/// times.
/// </remarks>
internal sealed class LinkProxy
{
    /// <summary>Bytes on the way at most: beyond it, a link without a rate would fill the memory.</summary>
    private const long MostBytesInFlight = 64 << 20;

    private readonly IDatagramTransport _client;
    private readonly IDatagramTransport _target;
    private readonly LinkModel _link;
    private readonly TimeProvider _time;
    private readonly SystemTimestampSource _clock;
    private EndPoint? _clientAddress; // The address that the client used last.
    private readonly Lock _lock = new(); // Guards the link's channels and the queues of both directions.

    /// <param name="client">The transport that the client's datagrams come in by; it stays the caller's.</param>
    /// <param name="target">The transport that they go out by; it stays the caller's.</param>
    /// <param name="link">The link between the two.</param>
    /// <param name="time">The clock; null for the system's.</param>
    public LinkProxy(IDatagramTransport client, IDatagramTransport target, LinkModel link, TimeProvider? time = null)
    {
        _client = client;
        _target = target;
        _link = link;
        _time = time ?? TimeProvider.System;
        _clock = new SystemTimestampSource(_time);
    }

    /// <summary>Datagrams dropped because too many bytes were on the way.</summary>
    public long DroppedForMemory { get; private set; }

    /// <summary>Carries datagrams until cancelled, which is the normal end.</summary>
    /// <exception cref="LinkException">A socket failed.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        DeliveryQueue forward = new();
        DeliveryQueue back = new();
        List<Task> tasks =
        [
            PumpAsync(_client, _link.Forward, forward, fromClient: true, stop.Token),
            PumpAsync(_target, _link.Return, back, fromClient: false, stop.Token),
            DeliverAsync(forward, _target, stop.Token),
            DeliverAsync(back, _client, stop.Token),
        ];
        Task first = await Task.WhenAny(tasks).ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        try
        {
            await Task.WhenAll(tasks).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (first.IsCanceled)
        {
            // Asked to stop.
        }

        if (first.IsFaulted)
        {
            await first.ConfigureAwait(false);
        }
    }

    private async Task PumpAsync(
        IDatagramTransport from, OneWayChannel channel, DeliveryQueue queue, bool fromClient,
        CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[from.MaxDatagramSize];
        List<Arrival> arrivals = [];
        while (true)
        {
            ReceivedDatagram received = await from.ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (fromClient)
            {
                Volatile.Write(ref _clientAddress, received.From);
            }

            lock (_lock)
            {
                if (queue.Bytes + received.Length > MostBytesInFlight)
                {
                    DroppedForMemory++;
                    continue;
                }

                channel.Send(buffer.AsSpan(0, received.Length), _clock.Now, arrivals);
                arrivals.ForEach(queue.Add);
                arrivals.Clear();
            }

            queue.Wake();
        }
    }

    private async Task DeliverAsync(DeliveryQueue queue, IDatagramTransport to, CancellationToken cancellationToken)
    {
        while (true)
        {
            byte[]? due;
            Timestamp next;
            lock (_lock)
            {
                due = queue.TakeDue(_clock.Now);
                next = queue.Next;
            }

            if (due is null)
            {
                await queue.WaitAsync(_clock.Until(next), _time, cancellationToken).ConfigureAwait(false);
            }
            else if (to == _target || Volatile.Read(ref _clientAddress) is not null)
            {
                await to.SendAsync(due, to == _target ? null : _clientAddress, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
