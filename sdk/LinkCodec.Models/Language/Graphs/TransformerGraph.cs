using LinkCodec.Core.Primitives;
using LinkCodec.Models.Graphs;
using LinkCodec.Models.Language.Store;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace LinkCodec.Models.Language.Graphs;

/// <summary>
/// A store as an ONNX graph that reads T tokens into each of B rows, beside the bytes of its matrices, which stay in
/// the store where the CPU runs it.
/// </summary>
/// <remarks>
/// Inputs: "tokens" and "positions" int64 [B,T]; "lengths" int64 [B], valid columns of the caches; "rows" int64 [N],
/// which of the B*T positions get logits; per layer "key.L" [B,K,W,P] and "value.L" [B,K,P,W], whose columns at and
/// after a row's length may hold anything. Outputs: "logits" f32 [N,V]; per layer "new_key.L" [B,K,W,T] and
/// "new_value.L" [B,K,T,W], for the host to put into its caches. Caches are int8, or f32 in the form Reference.
/// </remarks>
internal sealed class TransformerGraph
{
    private readonly TensorStoreReader _store;
    private readonly List<(string Name, StoredTensor Tensor)> _stored;

    private TransformerGraph(TensorStoreReader store, TransformerShape shape, GraphForm form,
        List<(string Name, StoredTensor Tensor)> stored, byte[] model) =>
            (_store, Shape, Form, _stored, Model) = (store, shape, form, stored, model);

    /// <summary>Tokens [B,T].</summary>
    internal const string Tokens = "tokens";

    /// <summary>Positions [B,T].</summary>
    internal const string Positions = "positions";

    /// <summary>Valid columns of each row's cache [B].</summary>
    internal const string Lengths = "lengths";

    /// <summary>Flattened positions that get logits [N].</summary>
    internal const string Rows = "rows";

    /// <summary>Logits [N,V].</summary>
    internal const string Logits = "logits";

    /// <summary>The network's shape.</summary>
    internal TransformerShape Shape { get; }

    /// <summary>The graph's form.</summary>
    internal GraphForm Form { get; }

    /// <summary>The ONNX file; without the matrices, but for the forms Int8 and Float.</summary>
    internal byte[] Model { get; }

    /// <summary>The type of the caches' numbers.</summary>
    internal TensorElementType CacheType =>
        Form == GraphForm.Reference ? TensorElementType.Float : TensorElementType.Int8;

    /// <summary>Bytes of one number in a cache.</summary>
    internal int CacheElement => Form == GraphForm.Reference ? sizeof(float) : 1;

    /// <summary>The input of a layer's keys [B,K,W,P].</summary>
    internal static string Key(int layer) => "key." + layer;

    /// <summary>The input of a layer's values [B,K,P,W].</summary>
    internal static string Value(int layer) => "value." + layer;

    /// <summary>The output of a layer's new keys [B,K,W,T].</summary>
    internal static string NewKey(int layer) => "new_key." + layer;

    /// <summary>The output of a layer's new values [B,K,T,W].</summary>
    internal static string NewValue(int layer) => "new_value." + layer;

    /// <summary>Builds the graph; reads all small tensors, and for the form Float all of them.</summary>
    /// <param name="store">Has to live as long as the graph and its sessions.</param>
    /// <param name="shape">The shape that the store's tensors are meant to fit.</param>
    /// <param name="form">The way in which the graph multiplies.</param>
    /// <exception cref="LinkException">SnapshotNotFound: a tensor is missing, has another form or numbers that no
    /// import writes. LimitExceeded: sums of the form Float would not be exact, or a device's matrices are too
    /// large.</exception>
    internal static TransformerGraph Build(TensorStoreReader store, TransformerShape shape, GraphForm form)
    {
        var weights = new GraphWeights(store, new GraphBuilder(), form);
        TransformerBlocks blocks = form == GraphForm.Reference
            ? new ReferenceBlocks(weights, shape)
            : new ExactBlocks(weights, shape, form);
        blocks.Emit();
        return new TransformerGraph(store, shape, form, weights.Stored, weights.Emitter.ToModel());
    }

    /// <summary>Loads the graph into ONNX Runtime, which makes packed copies of the matrices for itself.</summary>
    /// <param name="options">The options of running the graph.</param>
    /// <param name="owned">Disposed of after the session's last user let go: for instance the store.</param>
    /// <exception cref="LinkException">The runtime is missing, or cannot run the graph.</exception>
    internal GraphSession Open(GraphOptions options, params IReadOnlyList<IDisposable> owned)
    {
        List<(string, OrtValue)> constants = [];
        foreach ((string name, StoredTensor tensor) in _stored)
        {
            TensorElementType type = tensor.Type == TensorType.Int8 ? TensorElementType.Int8 : TensorElementType.Float;
            long[] dimensions = Array.ConvertAll(tensor.Dimensions, d => (long)d);
            constants.Add((name, OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, type, dimensions,
                _store.Address(tensor), tensor.Size)));
        }

        return GraphSession.Open(Model, options, constants, owned);
    }
}
