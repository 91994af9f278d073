using LinkCodec.Baselines;
using LinkCodec.Core.Media;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Tool.Comparison;

/// <summary>
/// A comparison over files of images or sounds: each is coded whole by every peer that is installed and by LinkCodec,
/// decoded, and compared by its samples.
/// </summary>
/// <param name="tile">The side of LinkCodec's tiles.</param>
/// <param name="mtu">Bytes of the longest datagram.</param>
/// <param name="threads">Threads at once; 0 for one a processor.</param>
internal sealed class MediaComparison(int tile, int mtu, int threads)
{
    private readonly List<(string Name, string Reason)> _unavailable = [];
    private readonly List<MediaPeer> _peers = [];
    private bool _hasXz; // For samples without a header: what their users have today.

    /// <summary>Compares.</summary>
    /// <param name="inputs">Images alone, or sounds alone.</param>
    /// <param name="onProgress">Told what is being done.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The table, and what stands behind it, file by file.</returns>
    /// <exception cref="LinkException">LinkCodec did not give a file back as it was.</exception>
    public (ComparisonReport Report, IReadOnlyList<MediaFileFigures> Files) Run(IReadOnlyList<MediaInput> inputs,
        Action<string> onProgress, CancellationToken cancellationToken)
    {
        bool areSounds = inputs[0].IsSound;
        foreach (MediaPeer peer in areSounds ? MediaPeers.Sounds : MediaPeers.Images)
        {
            if ((peer.FindReason() ?? Refusal(peer, inputs)) is { } reason)
            {
                _unavailable.Add((peer.Name, reason));
            }
            else
            {
                _peers.Add(peer);
            }
        }

        _hasXz = inputs[0].Format is not null && XzBaseline.FindReason() is null;
        List<MediaFileFigures> files = [];
        foreach (MediaInput input in inputs)
        {
            files.Add(Measure(input, onProgress, cancellationToken));
        }

        // A peer that failed on one file has no row, whatever it made of others.
        List<CodecFigures> rows = [.. files[0].Codecs
            .Where(first => files.TrueForAll(file => file.Codecs.Any(codec => codec.Name == first.Name)))
            .Select(first => Sum(first.Name, files))];
        long best = rows.Where(IsPeer).Select(row => row.WireBytes).DefaultIfEmpty(-1).Min();
        int quoted = rows.FindIndex(row => IsPeer(row) && row.WireBytes == best);
        if (quoted >= 0)
        {
            rows[quoted] = rows[quoted] with { IsReference = true };
        }

        ComparisonReport report = new(inputs.Count, inputs.Sum(input => (long)input.Plain.Length), mtu,
            ("", ""), IsAcked: false, rows, [], _unavailable)
        {
            Media = inputs[0].Format is not null ? "samples" : areSounds ? "sounds" : "images",
        };
        return (report, files);
    }

    private static string? Refusal(MediaPeer peer, IReadOnlyList<MediaInput> inputs) => inputs
        .Select(input => peer.Refuses(input.Samples.Planes, input.Samples.BitDepth) is { } why
            ? $"{input.Name}: {why}"
            : null)
        .FirstOrDefault(why => why is not null);

    private bool IsPeer(CodecFigures row) => _peers.Exists(peer => peer.Name == row.Name)
        || (_hasXz && row.Name == XzBaseline.RowName);

    private static CodecFigures Sum(string name, List<MediaFileFigures> files)
    {
        List<CodecFigures> all = [.. files.Select(file => file.Codecs.First(codec => codec.Name == name))];
        return new CodecFigures(name, all.Sum(one => one.PayloadBytes), all.Sum(one => one.WireBytes),
            all.Sum(one => one.Segments), all.Sum(one => one.EncodeSeconds));
    }

    private MediaFileFigures Measure(MediaInput input, Action<string> onProgress, CancellationToken cancellationToken)
    {
        byte[] plain = input.Plain;
        using RawBaseline raw = new();
        using GivenFile given = new(input);
        List<CodecFigures> codecs = [Of(raw, plain, cancellationToken), Of(given, plain, cancellationToken)];
        if (_hasXz)
        {
            using XzBaseline xz = new();
            codecs.Add(Of(xz, plain, cancellationToken));
        }

        foreach (MediaPeer peer in _peers.ToArray())
        {
            onProgress($"{input.Name}: {peer.Name}");
            try
            {
                using MediaPeerCodec codec = new(peer, input);
                codecs.Add(Of(codec, plain, cancellationToken));
            }
            catch (Exception e) when (e is BaselineException or LinkException)
            {
                _peers.Remove(peer);
                _unavailable.Add((peer.Name, $"{input.Name}: {e.Message}"));
            }
        }

        onProgress($"{input.Name}: LinkCodec");
        (CodecFigures own, CarriedForm form, long[] parts) =
            MediaCodecRun.Measure(input, tile, mtu, threads, cancellationToken);
        codecs.Add(own);
        return new MediaFileFigures(input, form, parts, codecs);
    }

    private CodecFigures Of(IBaselineCodec codec, byte[] plain, CancellationToken cancellationToken) =>
        BaselineRun.Measure(codec, [plain], mtu, _ => { }, cancellationToken);
}
