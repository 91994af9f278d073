using System.Buffers.Binary;
using LinkCodec.Core.Primitives;
using LinkCodec.ModelBuilder.Store;
using LinkCodec.Models.Graphs.Format;
using LinkCodec.Models.Language;
using LinkCodec.Models.Language.Store;

namespace LinkCodec.Tests.Language.Store;

public class TensorStoreReaderTests
{
    [Fact]
    public void What_was_written_is_read_in_memory_and_by_memory_map()
    {
        byte[] store = Store();
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, store);
            using TensorStoreReader memory = TensorStoreReader.Read(store, "here"),
                mapped = TensorStoreReader.Open(path);
            foreach (TensorStoreReader reader in (TensorStoreReader[])[memory, mapped])
            {
                Assert.Equal(["a.q", "a.s"], reader.Tensors.Select(t => t.Name));
                Assert.Equal<sbyte>([1, -2, 3, -4, 5, -6], reader.Int8("a.q", 2, 3).ToArray());
                Assert.Equal<float>([0.5f, -0.25f], reader.Float32("a.s", 2).ToArray());
                Assert.True(reader.Has("a.s"));
                Assert.False(reader.Has("b"));
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Another_form_than_asked_for_is_refused()
    {
        using TensorStoreReader reader = TensorStoreReader.Read(Store(), "here");
        Assert.Contains("'b'", Refused(() => reader.Int8("b", 1).Length).Message, StringComparison.Ordinal);
        Refused(() => reader.Int8("a.q", 3, 2).Length);
        Refused(() => reader.Int8("a.q", 6).Length);
        Refused(() => reader.Float32("a.q", 2, 3).Length);
    }

    [Fact]
    public void A_file_that_is_not_there_or_empty_is_refused()
    {
        string path = Path.GetTempFileName();
        Refused(() => TensorStoreReader.Open(path));
        File.Delete(path);
        Refused(() => TensorStoreReader.Open(path));
    }

    [Fact]
    public void Every_cut_is_refused()
    {
        byte[] store = Store();
        for (int length = 0; length < store.Length; length++)
        {
            Refused(() => TensorStoreReader.Read(store.AsMemory(0, length), "here"));
        }
    }

    [Fact]
    [Spec("11.9-2")]
    public void Every_changed_byte_of_the_list_is_refused_or_changes_names_dimensions_or_types_alone()
    {
        byte[] store = Store();
        int list = (int)BinaryPrimitives.ReadInt64LittleEndian(
            store.AsSpan(store.Length - TensorStoreLayout.TailLength));
        int taken = 0;
        for (int at = list; at < store.Length; at++)
        {
            foreach (byte change in (byte[])[1, 2, 0x40, 0x80, 0xFF])
            {
                byte[] changed = [.. store];
                changed[at] ^= change;
                try
                {
                    using TensorStoreReader reader = TensorStoreReader.Read(changed, "here");
                    taken++;
                    Assert.All(reader.Tensors, t => Assert.InRange(t.Offset + t.Size, 1, list));
                }
                catch (LinkException e)
                {
                    Assert.Equal(LinkErrorCode.SnapshotNotFound, e.Code);
                }
            }
        }

        Assert.InRange(taken, 1, 30); // letters of names
    }

    [Fact]
    [Spec("11.9-3")]
    public void A_shape_comes_back_as_it_was_and_numbers_beyond_the_limits_are_refused()
    {
        foreach (TransformerShape shape in (TransformerShape[])[TinyStore.Llama, TinyStore.Gpt2, TinyStore.Qwen3,
            TinyStore.Qwen2 with { ActivationRange = 16 }])
        {
            Assert.Equal(shape, Again(shape));
        }

        TransformerShape good = TinyStore.Llama;
        foreach (TransformerShape bad in (TransformerShape[])[
            good with { Width = 0 }, good with { Layers = -1 }, good with { KeyValueHeads = 3 },
            good with { HeadWidth = 15 }, good with { Vocabulary = 1 }, good with { Epsilon = double.NaN },
            good with { Epsilon = -1 }, good with { ActivationRange = 0.5 }, good with { ActivationRange = 12.5 },
            good with { Heads = 256, HeadWidth = 512 }])
        {
            Refused(() => Again(bad));
        }

        foreach (TransformerShape large in (TransformerShape[])[
            good with { Width = 16_385 }, good with { Layers = 257 },
            good with { Heads = 258 }, good with { HeadWidth = 514 }, good with { FeedForwardWidth = 65_537 },
            good with { Vocabulary = (1 << 18) + 1 }, good with { Window = 8193 }])
        {
            Assert.Equal(LinkErrorCode.LimitExceeded, Assert.Throws<LinkException>(() => Again(large)).Code);
        }
    }

    [Fact]
    public void A_written_graph_reads_back_as_it_was()
    {
        OnnxConstant constant = new(OnnxTypes.Float, [2], new byte[] { 0, 0, 128, 63, 0, 0, 0, 64 });
        OnnxGraph graph = new(
            21,
            [new OnnxNode("Mul", ["x", "c"], ["y"], []), new OnnxNode("Transpose", ["y"], ["z"],
                [new OnnxAttribute("perm", true, [1, 0]), new OnnxAttribute("axis", false, [-1])])],
            new Dictionary<string, OnnxConstant> { ["c"] = constant },
            [new OnnxValue("x", OnnxTypes.Float, [-1, 2])],
            [new OnnxValue("z", OnnxTypes.Float, [2, -1])]);
        Assert.True(OnnxReader.TryRead(OnnxWriter.Write(graph, []), out OnnxGraph read));
        Assert.Equal(21, read.Opset);
        Assert.Equal(["Mul", "Transpose"], read.Nodes.Select(n => n.Operator));
        Assert.Equal(["x", "c"], read.Nodes[0].Inputs);
        Assert.Equal<long>([1, 0], read.Nodes[1].Attributes[0].Values);
        Assert.Equal<long>([-1], read.Nodes[1].Attributes[1].Values);
        Assert.Equal(constant.Bytes.ToArray(), read.Constants["c"].Bytes.ToArray());
        Assert.Equal<long>([-1, 2], read.Inputs[0].Dimensions);
        Assert.Equal("z", read.Outputs[0].Name);
        // its bytes are not in the file
        Assert.False(OnnxReader.TryRead(OnnxWriter.Write(graph, [new OnnxValue("w", OnnxTypes.Int8, [4])]), out _));
    }

    private static LinkException Refused(Func<object> read)
    {
        LinkException error = Assert.Throws<LinkException>(read);
        Assert.Equal(LinkErrorCode.SnapshotNotFound, error.Code);
        return error;
    }

    private static TransformerShape Again(TransformerShape shape)
    {
        using var bytes = new MemoryStream();
        var writer = new TensorStoreWriter(bytes);
        StoredShapeWriter.Write(writer, shape);
        writer.Finish();
        using TensorStoreReader reader = TensorStoreReader.Read(bytes.ToArray(), "here");
        return StoredShape.Read(reader);
    }

    private static byte[] Store()
    {
        using var bytes = new MemoryStream();
        var writer = new TensorStoreWriter(bytes);
        writer.Begin("a.q", TensorType.Int8, 2, 3);
        writer.Write([1, 254, 3, 252, 5, 250]);
        writer.Begin("a.s", TensorType.Float32, 2);
        writer.Write([0, 0, 0, 63, 0, 0, 128, 190]);
        writer.Finish();
        return bytes.ToArray();
    }
}
