using LinkCodec.Tests.Bytes;
using Xunit;

namespace LinkCodec.Tests.Language.Inference;

/// <summary>
/// A test with a pretrained model that lies beside the repository, in shared/models; skipped, and said so, where it is
/// absent.
/// </summary>
public sealed class SharedModelFactAttribute : FactAttribute
{
    private const string SmolLm2Name = "shared/models/smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf";

    public SharedModelFactAttribute()
    {
        if (SmolLm2 is null)
        {
            Skip = $"There is no {SmolLm2Name} beside the repository: the model was not read.";
        }
    }

    /// <summary>The file's path, or null.</summary>
    public static string? SmolLm2 { get; } = Find();

    private static string? Find()
    {
        for (string? folder = TestSnapshots.Find("."); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, SmolLm2Name)))
            {
                return Path.Combine(folder, SmolLm2Name);
            }
        }

        return null;
    }
}
