namespace LinkCodec.Core.Media;

/// <summary>Which exact neighbouring samples make the contexts of a sample.</summary>
internal static class ContextSlots
{
    /// <summary>The number of contexts.</summary>
    internal static int CountOf(int planesBefore) => planesBefore == 0 ? 5 : 14;

    /// <summary>Finds the slots of all contexts of a sample.</summary>
    /// <param name="planes">The planes.</param>
    /// <param name="at">The sample's place in them.</param>
    /// <param name="phase">Whether row and column are odd: 0 to 3.</param>
    /// <param name="predicted">The sample as predicted, rounded.</param>
    /// <param name="contexts">The tables.</param>
    /// <param name="experts">Where the slots go.</param>
    internal static void Set(in PlaneContext planes, int at, int phase, int predicted, ExactContexts contexts,
        SampleExperts experts) // spec 13.4-13
    {
        Neighbours own = new(planes.Own, at, planes.Stride);
        Finder find = new(contexts, experts);
        switch (planes.PlanesBefore)
        {
            case 0:
                SetAlone(own, predicted, ref find);
                break;
            case 1:
                SetWithOne(own, new Neighbours(planes.Near, at, planes.Stride), planes.Near[at + 1],
                    planes.Near[at + planes.Stride], phase, predicted, ref find);
                break;
            default:
                SetWithTwo(own, new Neighbours(planes.Near, at, planes.Stride),
                    new Neighbours(planes.Far, at, planes.Stride), planes.Near[at + 1], planes.Far[at + 1], phase,
                    predicted, ref find);
                break;
        }
    }

    private static void SetAlone(in Neighbours own, int predicted, ref Finder find)
    {
        find.Next(own.W, own.N, own.NE);
        find.Next(own.W, own.N, own.NW, own.NE);
        find.Next(predicted, own.W, own.N);
        find.Next(own.W, own.NW, own.N);
        find.Next(predicted, own.NE);
    }

    private static void SetWithOne(in Neighbours own, in Neighbours near, int right, int below, int phase,
        int predicted, ref Finder find)
    {
        int here = near.Here;
        int stepW = here - near.W;
        int stepN = here - near.N;
        int offsetW = own.W - near.W;
        int offsetN = own.N - near.N;
        find.Next(here, own.W, stepW);
        find.Next(here, own.N, stepN);
        find.Next(here, predicted);
        find.Next(here, offsetW, offsetN);
        find.Next(own.W, stepW, phase);
        find.Next(own.N, stepN, phase);
        find.Next(own.NE, here - near.NE);
        find.Next(here, stepW, stepN, offsetW);
        find.Next(here, own.W, own.N);
        find.Next(here, predicted, right);
        find.Next(predicted, stepW, stepN);
        find.Next(here, own.W, near.W, right);
        find.Next(here, own.N, near.N, below);
        find.Next(here, offsetW, phase);
    }

    private static void SetWithTwo(in Neighbours own, in Neighbours near, in Neighbours far, int right, int farRight,
        int phase, int predicted, ref Finder find)
    {
        int here = near.Here;
        int there = far.Here;
        int stepW = here - near.W;
        int stepN = here - near.N;
        int farW = there - far.W;
        int farN = there - far.N;
        int offsetW = own.W - near.W;
        int offsetN = own.N - near.N;
        find.Next(here, there);
        find.Next(own.W, stepW, farW);
        find.Next(own.N, stepN, farN);
        find.Next(here, there, predicted);
        find.Next(here, there, offsetW);
        find.Next(here, there, offsetN);
        find.Next(own.NE, here - near.NE, there - far.NE);
        find.Next(here - there, offsetW, offsetN, there);
        find.Next(here, there, own.W);
        find.Next(here, there, own.N);
        find.Next(predicted, stepW, farW);
        find.Next(here, there, right, farRight);
        find.Next(own.NW, here - near.NW, there - far.NW);
        find.Next(predicted, here - there, phase);
    }

    // Each context has a table of its own, in order.
    /// <summary>The hash of a context, by which <see cref="ExactContexts.Find"/> finds its slot.</summary>
    internal static ulong Hash(int a, int b = 0, int c = 0, int d = 0) // spec 13.4-11
    {
        ulong hash = (uint)a * 0xD6E8FEB86659FD93UL;
        hash = (hash ^ (hash >> 29) ^ (uint)b) * 0x9FB21C651E98DF25UL;
        hash = (hash ^ (hash >> 31) ^ (uint)c) * 0xD6E8FEB86659FD93UL;
        return (hash ^ (hash >> 29) ^ (uint)d) * 0x9FB21C651E98DF25UL;
    }

    private struct Finder(ExactContexts contexts, SampleExperts experts)
    {
        private int _next;

        internal void Next(int a, int b, int c = 0, int d = 0)
        {
            experts.SetContext(_next, contexts.Find(_next, Hash(a, b, c, d)));
            _next++;
        }
    }
}
