using LinkCodec.Core.Primitives;
using LinkCodec.ModelBuilder.ModelFiles;
using LinkCodec.ModelBuilder.ModelFiles.Safetensors;
using Xunit;

namespace LinkCodec.Tests.ModelBuilder.ModelFiles.Safetensors;

public sealed class SafetensorsModelTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("linkcodec-safetensors-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("llama", "F32", 1)]
    [InlineData("llama", "BF16", 3)]
    [InlineData("mistral", "BF16", 1)]
    [InlineData("qwen2", "F16", 2)]
    [InlineData("qwen3", "BF16", 1)]
    [InlineData("gpt2", "F32", 1)]
    [InlineData("gpt2", "F16", 2)]
    public void Every_weight_is_read_as_the_family_stores_it(string family, string type, int shards)
    {
        TinyModel model = new(family);
        TinyModelFiles.WriteSafetensors(model, _folder, type, shards);
        using ModelWeights weights = ModelWeights.Open(_folder);
        Assert.Equal(_folder, Assert.IsType<SafetensorsModel>(weights).Folder);
        Assert.Equal(family, weights.Config.Family);
        Assert.False(weights.Config.IsRotaryInterleaved);
        WeightCheck.Describes(model, weights.Config);
        WeightCheck.Equal(model, weights);
    }

    [Fact]
    public void Names_may_lack_the_models_name_and_tables_that_follow_are_passed_over()
    {
        TinyModel model = new("gpt2") { Layers = 1 };
        TinyModelFiles.WriteSafetensors(model, _folder);
        SafetensorsFileWriter writer = new();
        foreach ((string name, byte[] bytes, int[] shape) in TinyModelFiles.Stored(model, "F32"))
        {
            writer.Tensor(name.Replace("transformer.", "", StringComparison.Ordinal), "F32", bytes, shape);
        }

        writer.Tensor("h.0.attn.bias", "U8", new byte[16], 1, 1, 4, 4)
            .Tensor("h.0.attn.masked_bias", "F32", new byte[4]).Tensor("lm_head.weight", "F32", new byte[4], 1);
        WriteModel(writer.ToArray());
        using ModelWeights weights = ModelWeights.Open(_folder);
        WeightCheck.Equal(model, weights);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    public void A_number_that_is_not_finite_is_refused_where_it_stands(float number)
    {
        TinyModel model = new("llama") { Layers = 1 };
        TinyModelFiles.WriteSafetensors(model, _folder);
        SafetensorsFileWriter writer = new();
        foreach ((string name, byte[] bytes, int[] shape) in TinyModelFiles.Stored(model, "F32"))
        {
            if (name.EndsWith("q_proj.weight", StringComparison.Ordinal))
            {
                BitConverter.GetBytes(number).CopyTo(bytes, 4 * ((5 * model.Width) + 7));
            }

            writer.Tensor(name, "F32", bytes, shape);
        }

        WriteModel(writer.ToArray());
        using ModelWeights weights = ModelWeights.Open(_folder);
        float[] rows = new float[4 * model.Width];
        weights.Read("0.q", 0, rows);
        LinkException refused = Assert.Throws<LinkException>(() => weights.Read("0.q", 4, rows));
        Assert.Contains("'0.q', row 5, column 7", refused.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, byte[], string> Spoilt => new()
    {
        { "7 bytes", new byte[7], "8 bytes or less" },
        { "a length of 2^63", [0, 0, 0, 0, 0, 0, 0, 0x80, 0], "whose header" },
        { "a header beyond the end", [100, 0, 0, 0, 0, 0, 0, 0, 0x7B], "cut short" },
        { "no JSON", Join("{{"), "not JSON" },
        { "a list", Join("[]"), "a JSON object" },
        { "many levels", Join("{\"a\":" + new string('[', 100_000)), "not JSON" },
        { "a tensor that is a number", Join("""{"a":1}"""), "another kind" },
        { "no shape", Join("""{"a":{"dtype":"F32","data_offsets":[0,4]}}"""), "expected dtype" },
        { "one offset", Join("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}"""), "expected dtype" },
        { "two tensors alike", Join(
            """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"""),
            "not JSON" },
        { "five dimensions", Join("""{"a":{"dtype":"F32","shape":[1,1,1,1,1],"data_offsets":[0,4]}}"""), "at most 4" },
        { "a negative dimension", Join("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"""), "from 0 on" },
        { "a dimension that overflows", Join("""{"a":{"dtype":"F32","shape":[4294967297],"data_offsets":[0,4]}}"""),
            "dimensions of at most" },
        { "dimensions that overflow",
            Join("""{"a":{"dtype":"F32","shape":[16777216,16777216,16777216,16777216],"data_offsets":[0,4]}}"""),
            "do not take" },
        { "fewer bytes than numbers", Join("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"""),
            "do not take 4 bytes" },
        { "bytes beyond the end", Join("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}"""),
            "found 0 to 12" },
        { "offsets that turn back", Join("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"""),
            "found 4 to 0" },
        { "tensors that overlap", Join(
            """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F16","shape":[2],"data_offsets":[2,6]}}"""),
            "overlap" },
    };

    [Theory]
    [MemberData(nameof(Spoilt))]
    public void A_file_that_is_spoilt_is_refused_in_one_line(string how, byte[] bytes, string why)
    {
        using MappedFile file = MappedBytes.Of(bytes);
        LinkException refused = Assert.Throws<LinkException>(() => SafetensorsHeader.Read(file));
        Assert.True(refused.Message.Contains(why, StringComparison.Ordinal), $"{how}: {refused.Message}");
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Theory]
    [InlineData("I8", 1, "found I8")]
    [InlineData("F32", 2, "expected 96 x 32 numbers, found 2")]
    public void An_embedding_of_another_form_is_refused(string type, int count, string why)
    {
        TinyModelFiles.WriteSafetensors(new TinyModel("llama"), _folder);
        WriteModel(new SafetensorsFileWriter()
            .Tensor("model.embed_tokens.weight", type, new byte[4 * count], type == "I8" ? [2, 2] : [count]).ToArray());
        Refused(why);
    }

    [Theory]
    [InlineData("{}", "weight_map")]
    [InlineData("""{"weight_map":{"a":"../model.safetensors"}}""", "beside the index")]
    [InlineData("""{"weight_map":{"a":"model.bin"}}""", "beside the index")]
    [InlineData("""{"weight_map":{"a":7}}""", "another kind")]
    [InlineData("""{"weight_map":{"a":"absent.safetensors"}}""", "absent.safetensors")]
    [InlineData("""{"weight_map":{"a":"model.safetensors","b":"copy.safetensors"}}""", "two tensors")]
    public void An_index_that_is_spoilt_is_refused(string index, string why)
    {
        TinyModelFiles.WriteSafetensors(new TinyModel("llama"), _folder);
        File.Copy(Path.Combine(_folder, "model.safetensors"), Path.Combine(_folder, "copy.safetensors"));
        File.WriteAllText(Path.Combine(_folder, "model.safetensors.index.json"), index);
        Refused(why);
    }

    [Fact]
    public void A_folder_with_one_gguf_file_is_that_model_and_any_other_is_none()
    {
        Refused("or a .gguf file");
        string file = Path.Combine(_folder, "a.gguf");
        File.WriteAllBytes(file, TinyModelFiles.Gguf(new TinyModel("qwen2")));
        using (ModelWeights inFolder = ModelWeights.Open(_folder))
        using (ModelWeights weights = ModelWeights.Open(file))
        {
            Assert.Equal(weights.Config, inFolder.Config);
        }

        File.WriteAllBytes(Path.Combine(_folder, "b.gguf"), []);
        Refused("several .gguf files");
        Assert.Contains("empty", Assert.Throws<LinkException>(() => ModelWeights.Open(Path.Combine(_folder, "b.gguf")))
            .Message, StringComparison.Ordinal);
        Assert.Throws<LinkException>(() => ModelWeights.Open(Path.Combine(_folder, "c.gguf")));
        File.WriteAllText(Path.Combine(_folder, "config.json"), TinyModelFiles.Config(new TinyModel("llama")));
        Refused("expected model.safetensors");
    }

    private static byte[] Join(string header) => SafetensorsFileWriter.Join(header, new byte[8]);

    private void WriteModel(byte[] bytes) => File.WriteAllBytes(Path.Combine(_folder, "model.safetensors"), bytes);

    private void Refused(string why)
    {
        LinkException refused = Assert.Throws<LinkException>(() => ModelWeights.Open(_folder));
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }
}
