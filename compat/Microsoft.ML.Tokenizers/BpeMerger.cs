namespace Microsoft.ML.Tokenizers;

/// <summary>Merges the pieces of a word, the pair of lowest rank first, the leftmost of equals: n log n steps for n pieces, whatever they are.</summary>
internal sealed class BpeMerger(Dictionary<(int Left, int Right), (int Rank, int Id)> merges)
{
    /// <summary>A piece: its token and the characters that it covers; <paramref name="Whole"/> when it starts with a character's first byte.</summary>
    internal record struct Piece(int Id, int Start, int End, bool Whole);

    public void Merge(List<Piece> pieces)
    {
        int count = pieces.Count;
        int[] previous = new int[count];
        int[] next = new int[count];
        PriorityQueue<(int Left, int Right, int LeftId, int RightId), long> queue = new();
        for (int i = 0; i < count; i++)
        {
            previous[i] = i - 1;
            next[i] = i + 1;
            Offer(i - 1, i);
        }

        while (queue.TryDequeue(out (int Left, int Right, int LeftId, int RightId) pair, out _))
        {
            // A pair that another merge has changed since it was queued is stale: its ids or its neighbourhood differ.
            if (next[pair.Left] != pair.Right || pieces[pair.Left].Id != pair.LeftId || pieces[pair.Right].Id != pair.RightId)
            {
                continue;
            }

            int id = merges[(pair.LeftId, pair.RightId)].Id;
            pieces[pair.Left] = pieces[pair.Left] with { Id = id, End = pieces[pair.Right].End };
            int after = next[pair.Right];
            next[pair.Left] = after;
            next[pair.Right] = -1; // Gone: no queued pair that starts here matches any more.
            if (after < count)
            {
                previous[after] = pair.Left;
                Offer(pair.Left, after);
            }

            Offer(previous[pair.Left], pair.Left);
        }

        int kept = 0;
        for (int i = 0; i < count; i = next[i])
        {
            pieces[kept++] = pieces[i];
        }

        pieces.RemoveRange(kept, count - kept);

        void Offer(int left, int right)
        {
            if (left >= 0 && merges.TryGetValue((pieces[left].Id, pieces[right].Id), out (int Rank, int Id) merge))
            {
                queue.Enqueue((left, right, pieces[left].Id, pieces[right].Id), ((long)merge.Rank << 32) | (uint)left); // By rank, then by position.
            }
        }
    }
}
