using LinkCodec.Core.Endpoint;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Transport.Driving;

/// <summary>
/// An endpoint with its driver at work, and how an application's threads come to it. Owns transport and endpoint.
/// </summary>
internal sealed class EndpointRun : IAsyncDisposable
{
    private readonly IDatagramTransport _transport;
    private readonly IDatagramEndpoint _endpoint;
    private readonly LinkDriver _driver;
    private readonly CancellationTokenSource _stop = new();

    /// <param name="transport">Sends and receives.</param>
    /// <param name="endpoint">The endpoint that is driven.</param>
    /// <param name="code">Codes or decodes a piece of work, on threads of its own.</param>
    /// <param name="maxWork">Pieces that are coded at once.</param>
    /// <param name="clock">The time that the endpoint was made with.</param>
    /// <param name="isReceiving">Whether anything can come.</param>
    public EndpointRun(
        IDatagramTransport transport,
        IDatagramEndpoint endpoint,
        Func<CodingWork, CancellationToken, Task> code,
        int maxWork,
        SystemTimestampSource clock,
        bool isReceiving)
    {
        (_transport, _endpoint) = (transport, endpoint);
        _driver = new LinkDriver(transport, endpoint, code, maxWork, clock, isReceiving);
        Completion = Task.Run(() => _driver.RunAsync(() => Farewell, _stop.Token));
    }

    /// <summary>Completes when the endpoint is over, or with the failure of the transport.</summary>
    public Task Completion { get; }

    /// <summary>The text that the peer is told if the run is disposed of before its end.</summary>
    public string Farewell { get; init; } = "";

    /// <summary>Looks at the endpoint, or changes it.</summary>
    public T With<T>(Func<Timestamp, T> use)
    {
        lock (_driver.Gate)
        {
            return use(_driver.Now);
        }
    }

    /// <summary>Changes the endpoint, and has the driver look at it.</summary>
    public void Do(Action<Timestamp> change)
    {
        lock (_driver.Gate)
        {
            change(_driver.Now);
        }

        _driver.Wake();
    }

    /// <summary>Waits until a look at the endpoint gives something; the driver then looks at it too.</summary>
    /// <exception cref="LinkException">The transport failed before, or the run has ended.</exception>
    public async ValueTask<T> WhenAsync<T>(Func<Timestamp, T?> look, CancellationToken cancellationToken)
        where T : class
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Task turn = _driver.NextTurn;
            bool hasEnded = Completion.IsCompleted;
            if (With(look) is { } found)
            {
                _driver.Wake();
                return found;
            }

            if (hasEnded)
            {
                await Completion.ConfigureAwait(false);
                throw new LinkException(LinkErrorCode.Canceled, "The link was ended before everything was through.");
            }

            await Task.WhenAny(turn, Completion).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_driver.Gate)
        {
            _endpoint.Dispose();
        }

        await _transport.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
    }
}
