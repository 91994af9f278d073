using System.Diagnostics.CodeAnalysis;

namespace LinkCodec.Core.Experts;

/// <summary>What training left of the experts: profiles with their maps and mixing weights, the detector, the corpus. Immutable, thread-safe.</summary>
public sealed class ExpertModel
{
    /// <summary>Networks that its profiles name, 0 to 8.</summary>
    public int NetworkCount => 0;

    /// <summary>Reads the two files of a snapshot. Never throws on bytes.</summary>
    /// <param name="file">The file "experts.bin".</param>
    /// <param name="corpus">The file "corpus.bin", or nothing.</param>
    /// <param name="model">The model, null when false.</param>
    /// <param name="fault">Why not, in words that continue "the experts' file ...".</param>
    public static bool TryRead(ReadOnlySpan<byte> file, ReadOnlySpan<byte> corpus, [NotNullWhen(true)] out ExpertModel? model, out string fault)
    {
        model = null;
        fault = "is not written yet";
        return false;
    }
}
