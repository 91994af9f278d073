using LinkCodec.Core.Primitives;
using LinkCodec.ModelBuilder.ModelFiles.Gguf;
using LinkCodec.ModelBuilder.ModelFiles.Safetensors;

namespace LinkCodec.ModelBuilder.ModelFiles;

/// <summary>
/// The weights of a language model, by the same names and in the same form whatever file they come from. Reads may run
/// side by side.
/// </summary>
/// <remarks>
/// Matrices are [out, in], row after row. Names: token_embedding [V, D]; position_embedding [P, D] (GPT-2); output [V,
/// D] (absent when tied); output_norm [D]; and of layer L L.attention_norm, L.q, L.k, L.v, L.o, L.q_norm and L.k_norm
/// (Qwen3), L.ffn_norm, L.gate (not GPT-2), L.up, L.down. NAME.bias is the bias of NAME; GPT-2 has all of them, norms
/// included.
/// </remarks>
internal abstract class ModelWeights : IDisposable
{
    /// <summary>The config of the model that the weights are to be computed as.</summary>
    public abstract ModelConfig Config { get; }

    /// <summary>
    /// Opens a .gguf file, or a folder with config.json and *.safetensors, or a folder with one .gguf file.
    /// </summary>
    /// <exception cref="LinkException">There is no model, or none that can be computed as it should be: the message
    /// says why.</exception>
    public static ModelWeights Open(string path)
    {
        if (!Directory.Exists(path))
        {
            return GgufModel.Open(path);
        }

        if (File.Exists(Path.Combine(path, SafetensorsModel.ConfigName)))
        {
            return SafetensorsModel.Open(path);
        }

        return ModelFolder.Find(path, "*.gguf") switch
        {
            [string only] => GgufModel.Open(only),
            [] => throw ModelFileError.Refused(path, "expected config.json beside *.safetensors, or a .gguf file"),
            _ => throw ModelFileError.Refused(path, "several .gguf files: name one of them"),
        };
    }

    /// <summary>Whether there is such a matrix or vector.</summary>
    public abstract bool Has(string name);

    /// <summary>Rows and columns; a vector is one row.</summary>
    /// <exception cref="ArgumentException">There is none of this name.</exception>
    public abstract (int Rows, int Columns) Dimensions(string name);

    /// <summary>Reads rows in single precision, as many as the destination holds.</summary>
    /// <remarks>
    /// Costs the bytes of those rows; a matrix that a file stores as [in, out] (GPT-2 in safetensors) is walked through
    /// once a call, so it is best read whole.
    /// </remarks>
    /// <param name="name">A matrix or a vector.</param>
    /// <param name="firstRow">The first row, counted from 0.</param>
    /// <param name="destination">A whole number of rows.</param>
    /// <exception cref="ArgumentException">There is none of this name, or it has no such rows.</exception>
    /// <exception cref="LinkException">One of the numbers is infinite or none.</exception>
    public abstract void Read(string name, int firstRow, Span<float> destination);

    public abstract void Dispose();
}
