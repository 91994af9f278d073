using LinkCodec.Core.Primitives;
using LinkCodec.ModelBuilder.ModelFiles;
using LinkCodec.ModelBuilder.ModelFiles.Gguf;
using LinkCodec.ModelBuilder.Tokenizers;
using LinkCodec.Models.Language.Tokenization;

namespace LinkCodec.ModelBuilder.Import;

/// <summary>The tokenizer that a model's files bring along.</summary>
internal static class ModelTokenizer
{
    private const string FileName = "tokenizer.json";

    /// <summary>Reads the tokenizer from the GGUF file itself, or from tokenizer.json beside the weights.</summary>
    /// <exception cref="LinkException">The tokenizer is missing, or of a kind that is not supported.</exception>
    internal static TokenTable Read(ModelWeights weights, string path)
    {
        if (weights is GgufModel gguf)
        {
            return FromGguf(gguf.Metadata, path).ToTable();
        }

        string file = Path.Combine(path, FileName);
        return File.Exists(file)
            ? TokenizerJsonReader.ReadFile(file).ToTable()
            : throw new LinkException(LinkErrorCode.SnapshotNotFound,
                $"{path}: expected the tokenizer in {FileName}, found no such file.");
    }

    /// <summary>The vocabulary in the metadata of a GGUF file.</summary>
    /// <exception cref="LinkException">There is none, or one of a kind that is not supported.</exception>
    internal static VocabularyData FromGguf(GgufMetadata metadata, string path)
    {
        string[] tokens = metadata.Texts("tokenizer.ggml.tokens") ?? throw new LinkException(
            LinkErrorCode.SnapshotNotFound, $"{path}: expected a tokenizer, found no tokenizer.ggml.tokens.");
        long? begin = metadata.Integer("tokenizer.ggml.bos_token_id");
        return VocabularyData.FromGguf(
            Path.GetFileName(path),
            metadata.Text("tokenizer.ggml.model") ?? "",
            metadata.Text("tokenizer.ggml.pre"),
            tokens,
            metadata.Texts("tokenizer.ggml.merges") ?? [],
            [.. (metadata.Numbers("tokenizer.ggml.scores") ?? []).Select(score => (float)score)],
            [.. (metadata.Integers("tokenizer.ggml.token_type") ?? []).Select(type => (int)type)],
            begin is >= 0 && begin < tokens.Length ? (int)begin : null);
    }
}
