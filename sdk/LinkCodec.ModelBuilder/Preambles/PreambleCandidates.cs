using LinkCodec.Core.Primitives;
using LinkCodec.Models.Language.Tokenization;

namespace LinkCodec.ModelBuilder.Preambles;

/// <summary>
/// Puts preambles together from sample messages, in some ways that are worth a try. Same samples, same preambles.
/// </summary>
/// <param name="tokens">The snapshot's tokenizer.</param>
/// <param name="separator">The token behind each message, as in a context.</param>
/// <param name="longest">Tokens of a preamble at most.</param>
internal sealed class PreambleCandidates(ITokenizer tokens, int separator, int longest)
{
    private const int MaxPool = 300; // messages of a kind that are looked at
    private const int MaxPicked = 40;
    private const int Draws = 4;
    private const int GramLength = 6;

    /// <summary>A preamble, and how many messages stand in it.</summary>
    internal readonly record struct Candidate(int[] Tokens, int Messages);

    /// <summary>Makes all candidates.</summary>
    /// <param name="kinds">Messages of each kind; preambles take turns between the kinds.</param>
    internal IReadOnlyList<Candidate> Make(IReadOnlyList<IReadOnlyList<ReadOnlyMemory<byte>>> kinds)
    {
        int[][][] pools = [.. kinds.Select(kind => Spread(kind, MaxPool).Select(Encode).ToArray())];
        ulong[][][] grams =
            [.. kinds.Select(kind => Spread(kind, MaxPool).Select(message => GramsOf(message.Span)).ToArray())];
        List<Candidate> candidates =
        [
            Fill(pools, [.. pools.Select(pool => Spread([.. Enumerable.Range(0, pool.Length)],
                Math.Max(1, longest * pool.Length / Math.Max(1, pools.Length * pool.Sum(m => m.Length)))).ToArray())]),
            Fill(pools, [.. pools.Select(pool => Enumerable.Range(0, pool.Length).Reverse().ToArray())]),
            Fill(pools, [.. pools.Select((pool, kind) => ByCoverage(pool, grams[kind], isByToken: true))]),
            Fill(pools, [.. pools.Select((pool, kind) => ByCoverage(pool, grams[kind], isByToken: false))]),
        ];
        for (int draw = 0; draw < Draws; draw++)
        {
            RandomSource random = RandomSource.FromSeed((ulong)draw);
            candidates.Add(Fill(pools, [.. pools.Select(pool => Enumerable.Range(0, pool.Length)
                .OrderBy(_ => random.NextUInt64()).ToArray())]));
        }

        return candidates;
    }

    /// <summary>Some of a list's items, evenly over it.</summary>
    internal static IEnumerable<T> Spread<T>(IReadOnlyList<T> items, int count) =>
        Enumerable.Range(0, Math.Min(count, items.Count))
            .Select(i => items[(int)((((2L * i) + 1) * items.Count) / (2L * Math.Min(count, items.Count)))]);

    private int[] Encode(ReadOnlyMemory<byte> message)
    {
        List<int> encoded = [];
        tokens.Encode(message.Span[..Math.Min(message.Length, longest * 32)], encoded);
        encoded.RemoveAll(token => token < 0); // raw bytes are none of the network's business
        encoded.Add(separator);
        return [.. encoded];
    }

    /// <summary>
    /// Takes messages of each kind in turn, in the order given, as long as they fit, and the end of one more; the first
    /// one goes last, next to what it is to help.
    /// </summary>
    private Candidate Fill(int[][][] pools, int[][] orders)
    {
        List<int[]> taken = [];
        int[] cut = [];
        int room = longest;
        for (int i = 0; i < orders.Max(order => order.Length); i++)
        {
            for (int kind = 0; kind < pools.Length; kind++)
            {
                int[] message = i < orders[kind].Length ? pools[kind][orders[kind][i]] : [];
                if (message.Length > 1 && message.Length <= room)
                {
                    taken.Add(message);
                    room -= message.Length;
                }
                else if (message.Length > cut.Length)
                {
                    cut = message;
                }
            }
        }

        if (room >= longest / 8 && cut.Length > room)
        {
            taken.Add(cut[^room..]);
        }

        taken.Reverse();
        return new Candidate([.. taken.SelectMany(message => message)], taken.Count);
    }

    /// <summary>
    /// Messages in the order in which they add most, in all or for their tokens, to the frequent pieces of text that
    /// the ones before them have: a message of each sort comes early.
    /// </summary>
    private static int[] ByCoverage(int[][] pool, ulong[][] grams, bool isByToken)
    {
        Dictionary<ulong, int> counts = [];
        foreach (ulong gram in grams.SelectMany(g => g))
        {
            counts[gram] = counts.GetValueOrDefault(gram) + 1;
        }

        List<int> order = [];
        List<int> left = [.. Enumerable.Range(0, pool.Length)];
        HashSet<ulong> covered = [];
        while (left.Count > 0 && order.Count < MaxPicked)
        {
            int best = left.MaxBy(
                i => grams[i].Sum(g => covered.Contains(g) ? 0L : counts[g]) * 1000 / (isByToken ? pool[i].Length : 1));
            covered.UnionWith(grams[best]);
            order.Add(best);
            left.Remove(best);
        }

        return [.. order, .. left];
    }

    // Every piece of so many bytes once.
    private static ulong[] GramsOf(ReadOnlySpan<byte> message)
    {
        SortedSet<ulong> grams = [];
        ulong gram = 0;
        for (int i = 0; i < Math.Min(message.Length, 4096); i++)
        {
            gram = ((gram << 8) | message[i]) & ((1UL << (8 * GramLength)) - 1);
            if (i >= GramLength - 1)
            {
                grams.Add(gram);
            }
        }

        return [.. grams];
    }
}
