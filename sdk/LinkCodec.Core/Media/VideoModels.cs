namespace LinkCodec.Core.Media;

/// <summary>
/// What the planes of a part's frames teach, each kind on its own: luma and chroma of a first frame, and of those that
/// are predicted from frames before. Each is made when it is needed.
/// </summary>
/// <remarks>Their mixers start as those of images: weights trained on video save less than a thousandth.</remarks>
internal sealed class VideoModels(VideoFormat format)
{
    private const int Kinds = 6;

    // Taps to the left and above, nearest first, and around a place of a plane that is known whole.
    private static readonly (int, int)[] Own = [(-1, 0), (0, -1), (-1, -1), (1, -1), (-2, 0), (0, -2), (2, -1),
        (-2, -1), (-1, -2), (1, -2), (-3, 0), (0, -3), (2, -2), (-2, -2), (3, -1), (-3, -1), (-1, -3), (1, -3), (-4, 0),
        (0, -4), (3, -2), (-3, -2), (2, -3), (-2, -3)];

    private static readonly (int, int)[] Around = [(0, 0), (-1, 0), (0, -1), (1, 0), (0, 1), (-1, -1), (1, -1),
        (-1, 1), (1, 1)];

    private readonly PlaneModel?[] _models = new PlaneModel?[Kinds];

    /// <summary>The model of a plane.</summary>
    /// <param name="plane">Which of the frame's planes.</param>
    /// <param name="isPredicted">Whether frames before it are known.</param>
    /// <param name="stride">From a sample of its padded planes to the one below.</param>
    internal PlaneModel Of(int plane, bool isPredicted, int stride)
    {
        int kind = plane + (isPredicted ? Kinds / 2 : 0); // spec 14.4-1
        int before = Math.Min(kind, 2);
        return _models[kind] ??= new PlaneModel(before, format.WidthOf(plane), format.HeightOf(plane),
            format.BitDepth, PlaneModel.MakeMixer(before, format.BitDepth, StartWeights.OfPlane(before)),
            isPredicted ? Large(plane, stride) : LargeOfFirst(plane, stride),
            isPredicted ? Small(plane, stride) : SmallOfFirst(plane, stride));
    }

    // spec 14.4-5
    private static PlaneTaps LargeOfFirst(int plane, int stride) => plane switch
    {
        0 => new PlaneTaps(stride, Own),
        1 => new PlaneTaps(stride, Own[..14], Around),
        _ => new PlaneTaps(stride, Own[..10], Around, Around[..7]),
    };

    private static PlaneTaps SmallOfFirst(int plane, int stride) => plane switch
    {
        0 => new PlaneTaps(stride, Own[..6]),
        1 => new PlaneTaps(stride, Own[..6], Around[..4]),
        _ => new PlaneTaps(stride, Own[..6], Around[..4], Around[..3]),
    };

    private static PlaneTaps Large(int plane, int stride) => plane == 0
        ? new PlaneTaps(stride, Own[..10], Around, Around[..7])
        : new PlaneTaps(stride, Own[..6], Around, Around[..5], Around[..5], Around[..5]);

    private static PlaneTaps Small(int plane, int stride) => plane == 0
        ? new PlaneTaps(stride, Own[..6], Around[..5], Around[..3])
        : new PlaneTaps(stride, Own[..6], Around[..4], Around[..3], [], Around[..1]);
}
