using LinkCodec.Models.Bytes;
using LinkCodec.Models.Bytes.Kernel;

namespace LinkCodec.Fuzz.Targets;

/// <summary>
/// A whole byte net with some bytes changed: three bytes of the input say where, little-endian, one says by what. What
/// is still taken is run.
/// </summary>
internal static class ByteNetGraphFuzz
{
    private const int ChangeLength = 4;
    private static readonly DotProduct Dot = DotProduct.Best;
    private static readonly byte[] Whole = File.ReadAllBytes(
        Path.Combine(Corpus.Root, "..", "..", "LinkCodec.Tests", "Bytes", "assets", "tiny", "model.onnx"));

    public static void Run(ReadOnlySpan<byte> data)
    {
        byte[] file = [.. Whole];
        for (; data.Length >= ChangeLength; data = data[ChangeLength..])
        {
            int at = data[0] | (data[1] << 8) | (data[2] << 16);
            file[at % file.Length] ^= data[3];
        }

        // What is left of an input cuts the file.
        int end = data.Length == 0 ? file.Length : data[0] * file.Length / 255;
        if (!ByteNetGraphReader.TryRead(file.AsMemory(0, end), out ByteNetWeights weights))
        {
            return;
        }

        var executor = new KernelExecutor(new ByteNetKernel(weights, Dot));
        using ByteNetStates states = executor.CreateStates(3);
        int[] logits = new int[3 * ByteNetShape.Tokens];
        states.Step([0, 1, 2], [ByteNetShape.StartToken, 0, 255], logits);
        states.Step([2, 0, 1], [65, 66, 67], logits);
    }
}
