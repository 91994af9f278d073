using LinkCodec.Models.Bytes.Kernel;
using LinkCodec.Models.Graphs.Format;

namespace LinkCodec.Fuzz.Targets;

/// <summary>ONNX files: whatever is read lies inside the file, and a byte net's reader takes or leaves it.</summary>
internal static class OnnxReaderFuzz
{
    public static void Run(ReadOnlySpan<byte> data)
    {
        byte[] file = data.ToArray();
        if (OnnxReader.TryRead(file, out OnnxGraph graph))
        {
            Require(graph.Constants.Values.Sum(constant => (long)constant.Bytes.Length) <= file.Length,
                "constants from nowhere");
            Require(graph.Nodes.Count + graph.Constants.Count + graph.Inputs.Count + graph.Outputs.Count <= file.Length,
                "items from nowhere");
        }

        // A byte net has more bytes than an input of this harness: ByteNetGraphFuzz begins from a whole one.
        Require(!ByteNetGraphReader.TryRead(file, out _), "a byte net in so few bytes");
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidOperationException(otherwise);
        }
    }
}
