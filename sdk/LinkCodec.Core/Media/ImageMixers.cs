namespace LinkCodec.Core.Media;

/// <summary>The mixers of an image, one for each kind of plane, made when they are needed.</summary>
internal sealed class ImageMixers(int bitDepth, bool isUntrained = false)
{
    private readonly ExpertMixer?[] _mixers = new ExpertMixer?[StartWeights.PlaneKinds];

    /// <summary>The mixer for planes with so many planes before them, 2 at most.</summary>
    internal ExpertMixer Of(int planesBefore) => _mixers[planesBefore] ??= PlaneModel.MakeMixer(planesBefore, bitDepth,
        isUntrained ? StartWeights.EvenOfPlane(planesBefore) : StartWeights.OfPlane(planesBefore));
}
