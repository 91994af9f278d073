using LinkCodec.Core.Primitives;
using LinkCodec.Models.Language.Store;

namespace LinkCodec.Fuzz.Targets;

/// <summary>
/// A store of tensors, and the shape in it. What is taken lies inside the file, each tensor behind the one before.
/// </summary>
internal static class TensorStoreFuzz
{
    public static void Run(ReadOnlySpan<byte> data)
    {
        byte[] file = data.ToArray();
        try
        {
            using TensorStoreReader reader = TensorStoreReader.Read(file, "fuzz");
            long end = 0;
            foreach (StoredTensor tensor in reader.Tensors)
            {
                Require(tensor.Offset >= end && tensor.Size > 0, "Tensors overlap.");
                end = tensor.Offset + tensor.Size;
                Require(end <= file.Length, "A tensor ends behind the file.");
                Require(reader.Bytes(tensor).SequenceEqual(file.AsSpan((int)tensor.Offset, (int)tensor.Size)),
                    "A tensor has other bytes than the file.");
            }

            _ = StoredShape.Read(reader);
        }
        catch (LinkException e)
        {
            Require(e.Code is LinkErrorCode.SnapshotNotFound or LinkErrorCode.LimitExceeded,
                "A store is refused with another code.");
        }
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidOperationException(otherwise);
        }
    }
}
