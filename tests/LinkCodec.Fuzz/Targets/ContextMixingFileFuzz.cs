using LinkCodec.Core.ContextMixing;

namespace LinkCodec.Fuzz.Targets;

/// <summary>
/// Files of context mixing, as they are, and a good one's content with patches: what is read is written again with the
/// same bytes, what is not has a reason.
/// </summary>
internal static class ContextMixingFileFuzz
{
    private static readonly byte[] Good = MakeGood();

    public static void Run(ReadOnlySpan<byte> data)
    {
        if (data.Length < 1)
        {
            return;
        }

        bool whole = (data[0] & 1) == 0;
        byte[] content = whole ? [] : Patch(data[1..]);
        string fault;
        MixingModel? model;
        bool read = whole
            ? MixingModel.TryRead(data[1..], data[1..], out model, out fault)
            : ContextMixingFile.TryReadContent(content, null, out model, out fault);
        Require(read == (fault.Length == 0) && read == model is not null, "no reason");
        if (model is not null && content.Length > 0)
        {
            Require(ContextMixingFile.Content(model).AsSpan().SequenceEqual(content), "a second spelling");
        }
    }

    // Each patch: where, in two bytes that count from the start or in steps of four from the end, and what.
    private static byte[] Patch(ReadOnlySpan<byte> patches)
    {
        byte[] content = [.. Good];
        for (int i = 0; i + 2 < patches.Length; i += 3)
        {
            int at = patches[i] | (patches[i + 1] << 8);
            at = at < 32768 ? at : content.Length - (4 * (at - 32767));
            content[at] = patches[i + 2];
        }

        // What is left over shortens it.
        return patches.Length % 3 == 0 ? content : content[..^patches[^1]];
    }

    private static byte[] MakeGood()
    {
        MixingProfile profile = new()
        {
            Number = 0,
            Name = "all",
            Hint = LinkCodec.Core.Prediction.ContentHint.Auto,
            Network = -1,
            IsBinary = false,
            Rate = 4,
            StartRate = 20,
        };
        return ContextMixingFile.Content(new MixingModel([profile], new byte[ProfileDetector.Buckets], null));
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidOperationException(otherwise);
        }
    }
}
