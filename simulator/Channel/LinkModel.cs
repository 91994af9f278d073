namespace LinkCodec.Simulator.Channel;

/// <summary>A link: both directions, which may differ in everything, under one seed and one trace.</summary>
internal sealed class LinkModel : IDisposable
{
    private readonly VerdictTrace _trace = new();

    /// <param name="forward">Rules of the forward direction, in order.</param>
    /// <param name="back">Rules of the return direction; null where there is none.</param>
    /// <param name="seed">The seed of all the randomness of the link.</param>
    public LinkModel(
        IEnumerable<(string Name, IChannelRule Rule)> forward,
        IEnumerable<(string Name, IChannelRule Rule)>? back, ulong seed)
    {
        Forward = new OneWayChannel(forward, seed, direction: 0, _trace);
        HasReturn = back is not null;
        Return = new OneWayChannel(back ?? [("none", new NoChannel())], seed, direction: 1, _trace);
    }

    public OneWayChannel Forward { get; }

    public OneWayChannel Return { get; }

    public bool HasReturn { get; }

    /// <summary>SHA-256 over every verdict so far, in hexadecimal.</summary>
    public string TraceSha256 => _trace.Current();

    public void Dispose() => _trace.Dispose();
}
