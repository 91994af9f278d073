using System.Numerics;
using LinkCodec.Core.Primitives;
using LinkCodec.ModelBuilder.ModelFiles.Quants;

namespace LinkCodec.ModelBuilder.ModelFiles.Gguf;

/// <summary>A GGUF file's metadata and list of tensors; versions 2 and 3, little-endian. Owns the file.</summary>
/// <remarks>Format: github.com/ggml-org/ggml, docs/gguf.md.</remarks>
internal sealed class GgufFile : IDisposable
{
    private const uint Magic = 0x4655_4747; // "GGUF"
    private const int DefaultAlignment = 32;
    private const int MaxAlignment = 1 << 16;
    private const int MaxNameLength = 256;
    private const int MinTensorLength = 32;

    private readonly SortedDictionary<string, TensorInfo> _tensors = new(StringComparer.Ordinal);

    /// <summary>Reads what stands before the numbers. The file is closed where this fails.</summary>
    /// <exception cref="LinkException">The file is no such file, or one that was cut or spoilt.</exception>
    internal GgufFile(MappedFile file)
    {
        File = file;
        try
        {
            GgufReader cursor = new(file, 0);
            ModelLimits.Require(file.Path, file.Length >= sizeof(uint) && cursor.UInt32() == Magic,
                "expected a GGUF file, which begins with \"GGUF\"");
            uint version = cursor.UInt32();
            ModelLimits.Require(file.Path, version is 2 or 3,
                $"expected GGUF version 2 or 3, little-endian, found {version}");
            int tensors = cursor.Count("tensors", TensorInfo.MaxTensors, MinTensorLength);
            Metadata = new GgufMetadata(file, cursor, GgufMetadata.ReadCount(cursor));
            ReadTensors(cursor, tensors);
            TensorInfo.CheckApart(file.Path, _tensors.Values);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The metadata: what the file says about its model.</summary>
    internal GgufMetadata Metadata { get; }

    /// <summary>The tensors by the file's names; shapes are outermost first.</summary>
    internal IReadOnlyDictionary<string, TensorInfo> Tensors => _tensors;

    /// <summary>The mapped file in which the tensors and the metadata lie.</summary>
    internal MappedFile File { get; }

    public void Dispose() => File.Dispose();

    private void ReadTensors(GgufReader cursor, int count)
    {
        long alignment = Metadata.Integer("general.alignment") ?? DefaultAlignment;
        ModelLimits.Require(File.Path, alignment is >= 8 and <= MaxAlignment && BitOperations.IsPow2(alignment),
            $"the alignment: expected a power of two from 8 to {MaxAlignment}, found {alignment}");
        List<(string Name, TensorDataType Format, int[] Shape, ulong Offset)> entries = [];
        for (int i = 0; i < count; i++)
        {
            entries.Add(ReadTensor(cursor));
        }

        long start = (cursor.Position + alignment - 1) & -alignment;
        foreach ((string name, TensorDataType format, int[] shape, ulong offset) in entries)
        {
            string what = $"tensor '{ModelFileError.Shown(name)}'";
            long size = format.LengthOf(TensorInfo.CountOf(shape)
                ?? throw ModelFileError.TooLarge(File.Path, $"{what}: more than {TensorInfo.MaxNumbers} numbers"));
            ModelLimits.Require(File.Path, offset % (ulong)alignment == 0,
                $"{what}: expected an offset that is a multiple of {alignment}, found {offset}");
            ModelLimits.Require(File.Path, offset <= (ulong)File.Length && start + (long)offset <= File.Length - size,
                $"{what}: expected {size} bytes from {offset} on, but the file of {File.Length} bytes ends before");
            ModelLimits.Require(File.Path, _tensors.TryAdd(name, new TensorInfo(File, name, format.Name, format, shape,
                start + (long)offset, size)), $"two tensors are called '{ModelFileError.Shown(name)}'");
        }
    }

    private (string Name, TensorDataType Format, int[] Shape, ulong Offset) ReadTensor(GgufReader cursor)
    {
        string name = cursor.Text("a tensor's name", MaxNameLength);
        string what = $"tensor '{ModelFileError.Shown(name)}'";
        uint rank = cursor.UInt32();
        ModelLimits.Require(File.Path, rank is >= 1 and <= TensorInfo.MaxDimensions,
            $"{what}: expected 1 to {TensorInfo.MaxDimensions} dimensions, found {rank}");
        int[] shape = new int[rank];
        for (int i = shape.Length - 1; i >= 0; i--)
        {
            ulong size = cursor.UInt64();
            shape[i] = size is >= 1 and <= TensorInfo.MaxDimension ? (int)size : throw ModelFileError.TooLarge(
                File.Path, $"{what}: expected a dimension from 1 to {TensorInfo.MaxDimension}, found {size}");
        }

        uint type = cursor.UInt32();
        TensorDataType format = TensorDataType.OfGguf(type) ?? throw ModelFileError.Refused(File.Path,
            $"{what}: expected numbers of type {TensorDataType.GgufNames}, found type {type}");
        ModelLimits.Require(File.Path, shape[^1] % format.BlockCount == 0,
            $"{what}: expected rows of a multiple of {format.BlockCount} numbers, found {shape[^1]}");
        return (name, format, shape, cursor.UInt64());
    }
}
