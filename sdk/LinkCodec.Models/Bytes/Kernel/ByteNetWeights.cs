namespace LinkCodec.Models.Bytes.Kernel;

/// <summary>A matrix of the byte net as the graph holds it, and what its sums are scaled by. Immutable.</summary>
/// <param name="Rows">Rows: the length of what it is multiplied by.</param>
/// <param name="Columns">Columns: the length of the product.</param>
/// <param name="Weights">Row after row, -63 to 63.</param>
/// <param name="Scale">The scale of each column.</param>
/// <param name="Bias">The bias of each column; empty where there is none.</param>
internal sealed record LinearWeights(int Rows, int Columns, sbyte[] Weights, float[] Scale, float[] Bias);

/// <summary>A layer of the byte net. Immutable.</summary>
/// <param name="Gates">Width by three times the width.</param>
/// <param name="Mix">Width by width.</param>
/// <param name="Up">Width by the inner size.</param>
/// <param name="Down">Inner size by width.</param>
/// <param name="Share1">The share of the present in the first shift, by channel.</param>
/// <param name="Share2">The share of the present in the second shift, by channel.</param>
internal sealed record LayerWeights(LinearWeights Gates, LinearWeights Mix, LinearWeights Up, LinearWeights Down,
    float[] Share1, float[] Share2);

/// <summary>The constants of a byte net, as read from its graph. Immutable.</summary>
/// <param name="Width">The number of channels.</param>
/// <param name="Embedding">A row of channels for each of the 257 tokens.</param>
/// <param name="Layers">First to last, 1 or more.</param>
/// <param name="Head">Width by 257 symbols.</param>
internal sealed record ByteNetWeights(int Width, float[] Embedding, LayerWeights[] Layers, LinearWeights Head)
{
    /// <summary>Rows of a lane's state.</summary>
    internal int States => 3 * Layers.Length;
}
