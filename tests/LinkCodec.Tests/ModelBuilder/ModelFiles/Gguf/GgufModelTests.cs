using System.IO.MemoryMappedFiles;
using LinkCodec.ModelBuilder.ModelFiles;
using LinkCodec.ModelBuilder.ModelFiles.Gguf;
using LinkCodec.Tests.Language.Store;
using Xunit;

namespace LinkCodec.Tests.ModelBuilder.ModelFiles.Gguf;

public sealed class GgufModelTests
{
    [Theory]
    [InlineData("llama", "F32")]
    [InlineData("mistral", "F16")]
    [InlineData("qwen2", "BF16")]
    [InlineData("qwen3", "F32")]
    [InlineData("gpt2", "F32")]
    [InlineData("gpt2", "F16")]
    public void Every_weight_is_read_as_the_family_stores_it(string family, string type)
    {
        TinyModel model = new(family);
        using GgufModel weights = MappedBytes.Gguf(TinyModelFiles.Gguf(model, type));
        Assert.Equal(family == "mistral" ? "llama" : family, weights.Config.Family);
        Assert.Equal(family is "llama" or "mistral", weights.Config.IsRotaryInterleaved);
        WeightCheck.Describes(model, weights.Config);
        WeightCheck.Equal(model, weights);
    }

    [Theory]
    [InlineData(2u, 32)]
    [InlineData(3u, 8)]
    [InlineData(3u, 4096)]
    public void Versions_and_alignments_are_followed(uint version, int alignment)
    {
        GgufFileWriter writer = new() { Version = version, Alignment = alignment };
        writer.Set("general.alignment", (uint)alignment).Tensor("a", 0, new byte[4], 1)
            .Tensor("b", 0, [0, 0, 0x80, 0x3F], 1);
        using GgufFile file = new(MappedBytes.Of(writer.ToArray()));
        TensorInfo last = file.Tensors["b"];
        float[] number = new float[1];
        last.Format!.Read(file.File.Slice(last.Offset, (int)last.Length), number);
        Assert.Equal(1, number[0]);
    }

    [Fact]
    public void Bytes_beyond_four_gigabytes_are_reached()
    {
        // No page of the map takes memory but the one that is written.
        const long Length = (5L << 30) + 3;
        MemoryMappedFile map = MemoryMappedFile.CreateNew(null, Length);
        using (MemoryMappedViewAccessor view = map.CreateViewAccessor(Length - 4, 4))
        {
            view.Write(1, (byte)7);
        }

        using MappedFile file = new("test", map, Length);
        Assert.Equal([0, 7, 0, 0], file.Slice(Length - 4, 4).ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Slice(Length - 4, 5).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Slice(-1, 1).Length);
    }

    [Fact]
    public void One_fused_matrix_of_a_Llama_is_split_by_rows_too()
    {
        TinyModel model = new("llama")
        {
            Layers = 1,
            Heads = 2,
            KeyValueHeads = 1,
            HeadWidth = 4,
            Width = 8,
            FeedForwardWidth = 8,
            Vocabulary = 4,
        };
        SortedDictionary<string, TinyTensor> all = model.Weights();
        TinyTensor fused = TinyTensor.Join(all["0.q"], all["0.k"], all["0.v"]);
        byte[] bytes = RenamedFile(model, all, fused);
        using GgufModel weights = MappedBytes.Gguf(bytes);
        Assert.Equal((4, 8), weights.Dimensions("0.v"));
        Assert.Equal(all["0.k"].Numbers, WeightCheck.Read(weights, "0.k", 0, 4));
        Assert.Equal(all["0.v"].Numbers.Skip(8).Take(16), WeightCheck.Read(weights, "0.v", 1, 2));
    }

    [Fact]
    public void Rows_outside_a_matrix_and_other_names_are_the_callers_mistake()
    {
        using GgufModel weights = MappedBytes.Gguf(TinyModelFiles.Gguf(new TinyModel("llama")));
        Assert.Throws<ArgumentException>(() => weights.Read("0.q", 31, new float[64]));
        Assert.Throws<ArgumentException>(() => weights.Read("0.q", -1, new float[32]));
        Assert.Throws<ArgumentException>(() => weights.Read("0.q", 0, new float[31]));
        Assert.Throws<ArgumentException>(() => weights.Read("2.q", 0, new float[32]));
        Assert.Throws<ArgumentException>(() => weights.Dimensions("0.q.bias"));
    }

    [Fact]
    public void A_closed_model_reads_nothing()
    {
        GgufModel weights = MappedBytes.Gguf(TinyModelFiles.Gguf(new TinyModel("llama")));
        weights.Dispose();
        weights.Dispose();
        Assert.Throws<ObjectDisposedException>(() => weights.Read("0.q", 0, new float[32]));
        Assert.Throws<ObjectDisposedException>(() => weights.Metadata.Text("general.architecture"));
    }

    private static byte[] RenamedFile(TinyModel model, SortedDictionary<string, TinyTensor> all, TinyTensor fused)
    {
        GgufFileWriter writer = new();
        writer.Set("general.architecture", "llama").Set("llama.block_count", 1u).Set("llama.context_length", 16u)
            .Set("llama.embedding_length", (uint)model.Width)
            .Set("llama.feed_forward_length", (uint)model.FeedForwardWidth).Set("llama.attention.head_count", 2u)
            .Set("llama.attention.head_count_kv", 1u).Set("llama.attention.layer_norm_rms_epsilon", 1e-5f);
        (string Name, TinyTensor Tensor)[] tensors =
        [
            ("token_embd", all["token_embedding"]), ("output", all["output"]), ("output_norm", all["output_norm"]),
            ("blk.0.attn_qkv", fused), ("blk.0.attn_output", all["0.o"]), ("blk.0.attn_norm", all["0.attention_norm"]),
            ("blk.0.ffn_norm", all["0.ffn_norm"]), ("blk.0.ffn_gate", all["0.gate"]), ("blk.0.ffn_up", all["0.up"]),
            ("blk.0.ffn_down", all["0.down"]),
        ];
        foreach ((string name, TinyTensor tensor) in tensors)
        {
            writer.Tensor(name + ".weight", GgufFileWriter.Float32, tensor.Bytes("F32"),
                tensor.Rows == 1 ? [(ulong)tensor.Columns] : [(ulong)tensor.Columns, (ulong)tensor.Rows]);
        }

        return writer.ToArray();
    }
}
