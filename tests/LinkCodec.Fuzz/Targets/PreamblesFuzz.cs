using LinkCodec.Core.Primitives;
using LinkCodec.Models.Language.Inference;

namespace LinkCodec.Fuzz.Targets;

/// <summary>
/// Files of preambles: what is read is written again with the same bytes, what is not is refused in one way.
/// </summary>
internal static class PreamblesFuzz
{
    private const int Profiles = 4;

    public static void Run(ReadOnlySpan<byte> data)
    {
        PreambleSet read;
        try
        {
            read = PreambleSet.Parse(data, Profiles, vocabulary: 300, longest: 8, "fuzz");
        }
        catch (LinkException e) when (e.Code == LinkErrorCode.SnapshotNotFound)
        {
            return;
        }

        List<(int Profile, int[] Tokens)> found = [];
        for (int profile = 0; profile < Profiles; profile++)
        {
            if (!read.Of(profile).IsEmpty)
            {
                found.Add((profile, read.Of(profile).ToArray()));
            }
        }

        if (!PreambleSet.Write(found.ToArray()).AsSpan().SequenceEqual(data))
        {
            throw new InvalidOperationException("a second spelling");
        }
    }
}
