using System.Collections.Concurrent;
using LinkCodec.Core.ContextMixing;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Snapshots;
using LinkCodec.Models.Bytes;
using LinkCodec.Models.Language.Tokenization;

namespace LinkCodec.Models.Language.Inference;

/// <summary>
/// The parts of a language model's predictor, and the rows that its messages start from. Thread-safe.
/// </summary>
internal sealed class LanguageModel : IDisposable
{
    private readonly Lazy<SequenceState>[] _starts;
    private readonly PreambleSet _preambles;
    private readonly bool _ownsParts;
    private readonly ConcurrentBag<KvCache> _caches = []; // caches of starts and contexts, in use or free
    private readonly ConcurrentQueue<KvCache> _free = [];

    /// <summary>Puts the parts together.</summary>
    /// <param name="network">The network, which predicts tokens.</param>
    /// <param name="tokens">The tokenizer, with as many tokens as the network has logits.</param>
    /// <param name="mixing">Context mixing, on a scale of 24 bits.</param>
    /// <param name="table">Weights by distance.</param>
    /// <param name="shape">The dimensions, whose vocabulary and window are the network's.</param>
    /// <param name="preambles">The preambles that messages may start after.</param>
    /// <param name="ownsParts">Whether network and context mixing are disposed of with it; else they have to live as
    /// long.</param>
    internal LanguageModel(
        Transformer network, ITokenizer tokens, ContextMixingPredictor mixing, WeightsTable table,
        TokenNetworkShape shape, PreambleSet preambles, bool ownsParts = true)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(network.Vocabulary, shape.Vocabulary, nameof(network));
        ArgumentOutOfRangeException.ThrowIfLessThan(network.Window, shape.Window, nameof(network));
        ArgumentOutOfRangeException.ThrowIfNotEqual(tokens.Count, shape.Vocabulary, nameof(tokens));
        ArgumentOutOfRangeException.ThrowIfNotEqual(mixing.FrequencyBits, SnapshotManifest.LanguageFrequencyBits,
            nameof(mixing));
        (Network, Tokens, Shape, _preambles, _ownsParts) = (network, tokens, shape, preambles, ownsParts);
        ContextMixing = mixing;
        Hints = mixing.Model.ProfileHints;
        Softmax = new IntegerSoftmax(table, [.. Enumerable.Range(0, tokens.Count).Where(EndsLine)]);
        List<int> newLine = [];
        tokens.Encode("\n"u8, newLine);
        Separator = newLine is [>= 0] ? newLine[0] : tokens.BeginToken; // spec 11.7-2
        _starts = [.. Hints.Select((_, profile) => new Lazy<SequenceState>(() => MakeStart(profile)))];
    }

    /// <summary>The network.</summary>
    internal Transformer Network { get; }

    /// <summary>The tokenizer.</summary>
    internal ITokenizer Tokens { get; }

    /// <summary>Context mixing for what is no language, on the scale of this family.</summary>
    internal ContextMixingPredictor ContextMixing { get; }

    /// <summary>The profiles' hints, by number.</summary>
    internal IReadOnlyList<ContentHint> Hints { get; }

    /// <summary>The softmax that turns logits into weights.</summary>
    internal IntegerSoftmax Softmax { get; }

    /// <summary>The network's dimensions.</summary>
    internal TokenNetworkShape Shape { get; }

    /// <summary>The token between a context's messages.</summary>
    internal int Separator { get; }

    /// <summary>Whether a token stands for a raw byte that follows: it spells nothing itself. spec 11.5-4</summary>
    internal bool IsEscape(int token) => Tokens.Bytes(token).IsEmpty;

    /// <summary>
    /// The state that a message without a context starts from. Made when it is first asked for; nobody changes it.
    /// </summary>
    internal SequenceState StartOf(int profile) => _starts[profile].Value;

    /// <summary>
    /// Lends a cache of one row, which may still hold something. It is of use until the model is disposed of.
    /// </summary>
    internal KvCache RentCache()
    {
        if (!_free.TryDequeue(out KvCache? cache))
        {
            cache = Network.CreateCache(1);
            _caches.Add(cache);
        }

        return cache;
    }

    /// <summary>Takes a cache back, from any thread and at any time.</summary>
    internal void Return(KvCache cache) => _free.Enqueue(cache);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (KvCache cache in _caches)
        {
            cache.Dispose();
        }

        if (_ownsParts)
        {
            ContextMixing.Dispose();
            Network.Dispose();
        }
    }

    // spec 11.4-1
    private bool EndsLine(int token) => Tokens.Bytes(token) is [] or [(byte)'\n' or (byte)'\r', ..];

    // spec 11.8-1: profiles without a preamble share one row.
    private SequenceState MakeStart(int profile)
    {
        ReadOnlySpan<int> preamble = _preambles.Of(profile);
        int plain = Enumerable.Range(0, Hints.Count).First(p => p == profile || _preambles.Of(p).IsEmpty);
        if (preamble.IsEmpty && plain != profile)
        {
            return StartOf(plain);
        }

        SequenceState state = new(this, RentCache(), 0);
        state.Begin(preamble);
        return state;
    }
}
