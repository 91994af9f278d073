using LinkCodec.Core.ContextMixing;
namespace LinkCodec.ModelBuilder.Training;

/// <summary>Counts pairs of bytes by profile, for the detector.</summary>
internal static class DetectorTraining
{
    /// <summary>The detector's table: what a pair costs in a profile, in eighths of a bit, 0 to 255.</summary>
    internal static byte[] Costs(IReadOnlyList<TrainingRun> runs, int profiles)
    {
        uint[] counts = new uint[ProfileDetector.Buckets * profiles];
        uint[] sums = new uint[profiles];
        uint[] traits = new uint[profiles]; // counts of traits of all three kinds
        foreach (TrainingRun run in runs)
        {
            foreach (ReadOnlyMemory<byte> message in run.Messages)
            {
                (int form, int first, int second) = ProfileDetector.TraitBuckets(message.Span);
                foreach (int trait in (int[])[form, first, second])
                {
                    counts[(trait * profiles) + run.Profile] += 2;
                    traits[run.Profile] += 2;
                }

                int before = 256;
                foreach (byte value in message.Span[..Math.Min(message.Length, ProfileDetector.Looks)])
                {
                    counts[(ProfileDetector.Bucket(before, value) * profiles) + run.Profile] += 2;
                    sums[run.Profile] += 2;
                    before = value;
                }
            }
        }

        byte[] costs = new byte[counts.Length];
        for (int i = 0; i < costs.Length; i++)
        {
            // Half an event more everywhere, so that nothing is impossible.
            uint sum = ProfileDetector.IsTrait(i / profiles) ? traits[i % profiles] / 3 : sums[i % profiles];
            int bits = LogisticTables.Log2(sum + ProfileDetector.Buckets) - LogisticTables.Log2(counts[i] + 1);
            costs[i] = (byte)Math.Clamp(bits / 32, 0, 255);
        }

        return costs;
    }
}
