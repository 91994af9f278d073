using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Snapshots;

/// <summary>Finds the snapshot that both ends hold and compute alike.</summary>
public static class SnapshotChoice
{
    /// <summary>The best common snapshot.</summary>
    /// <param name="local">What this endpoint holds, the one it likes best first.</param>
    /// <param name="remote">What the peer offers, in any order.</param>
    /// <param name="best">The first of <paramref name="local"/> that the peer offers with the same fingerprint; null otherwise.</param>
    /// <returns>
    /// <see cref="LinkErrorCode.None"/> with a snapshot; <see cref="LinkErrorCode.NumericsMismatch"/> when the peer holds one of them but computes
    /// otherwise; <see cref="LinkErrorCode.SnapshotMismatch"/> when it holds none of them.
    /// </returns>
    public static LinkErrorCode Pick(IReadOnlyList<Snapshot> local, ReadOnlySpan<SnapshotIds> remote, out Snapshot? best)
    {
        ArgumentNullException.ThrowIfNull(local);
        bool otherNumerics = false;
        best = null;
        foreach (Snapshot candidate in local)
        {
            SnapshotIds mine = candidate.Ids;
            foreach (SnapshotIds theirs in remote)
            {
                if (theirs == mine) // spec 6.5-2
                {
                    best = candidate;
                    return LinkErrorCode.None;
                }

                otherNumerics |= theirs.SnapshotId == mine.SnapshotId;
            }
        }

        return otherNumerics ? LinkErrorCode.NumericsMismatch : LinkErrorCode.SnapshotMismatch;
    }
}
