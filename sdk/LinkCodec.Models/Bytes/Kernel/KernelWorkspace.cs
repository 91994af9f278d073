using LinkCodec.Models.Graphs;

namespace LinkCodec.Models.Bytes.Kernel;

/// <summary>Room in which a step of a <see cref="ByteNetKernel"/> works, of which nothing outlives the step.</summary>
/// <remarks>
/// A workspace is for one thread. Padding of rows is zero from the start, and no step writes anything else there.
/// </remarks>
internal sealed class KernelWorkspace
{
    /// <summary>Rows of one run over the weights: more would gain nothing, and leave the second cache.</summary>
    internal const int Rows = 64;

    private readonly int _width;
    private readonly int _longest;
    private readonly int _columns;
    private readonly PinnedBuffer<float> _residuals;
    private readonly PinnedBuffer<float> _values;
    private readonly PinnedBuffer<byte> _rows;
    private readonly PinnedBuffer<int> _sums;
    private readonly PinnedBuffer<int> _logits;
    private readonly float[] _tops;

    internal KernelWorkspace(ByteNetKernel kernel, int rows)
    {
        (_width, _longest, _columns) = (kernel.RowLength, kernel.LongestRow, kernel.MostColumns);
        _residuals = new PinnedBuffer<float>(rows * _width);
        _values = new PinnedBuffer<float>(_longest);
        _rows = new PinnedBuffer<byte>(rows * _longest);
        _sums = new PinnedBuffer<int>(rows * _columns);
        _logits = new PinnedBuffer<int>(_columns);
        _tops = new float[rows];
    }

    /// <summary>The scale of each row, from the pass that quantises it to the one after the product.</summary>
    internal Span<float> Tops => _tops;

    /// <summary>Values of one row, before they are quantised.</summary>
    internal Span<float> Values => _values.Span;

    /// <summary>Quantised rows.</summary>
    internal Span<byte> AllRows => _rows.Span;

    /// <summary>Sums of a product, row after row.</summary>
    internal Span<int> AllSums => _sums.Span;

    /// <summary>Logits of one row, padded.</summary>
    internal Span<int> Logits => _logits.Span;

    /// <summary>The residual row, which runs through the layers.</summary>
    internal Span<float> Residual(int row) => _residuals.Span.Slice(row * _width, _width);

    /// <summary>A quantised row.</summary>
    internal Span<byte> Row(int row) => _rows.Span.Slice(row * _longest, _longest);

    /// <summary>The sums of one row.</summary>
    internal Span<int> Sums(int row) => _sums.Span.Slice(row * _columns, _columns);
}
