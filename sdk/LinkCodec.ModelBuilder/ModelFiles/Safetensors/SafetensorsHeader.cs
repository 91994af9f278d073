using System.Buffers.Binary;
using System.Text.Json;
using LinkCodec.Core.Primitives;
using LinkCodec.ModelBuilder.ModelFiles.Quants;

namespace LinkCodec.ModelBuilder.ModelFiles.Safetensors;

/// <summary>
/// The list of tensors at a safetensors file's beginning: 8 bytes of its length, then JSON; offsets count from its end.
/// </summary>
/// <remarks>Format: github.com/huggingface/safetensors.</remarks>
internal static class SafetensorsHeader
{
    private const int LengthLength = 8;
    private const int MaxLength = 16 << 20;

    /// <summary>Reads the list.</summary>
    /// <exception cref="LinkException">The file is no such file, or one that was cut or spoilt.</exception>
    internal static List<TensorInfo> Read(MappedFile file)
    {
        ModelLimits.Require(file.Path, file.Length > LengthLength,
            "expected a safetensors file, found one of 8 bytes or less");
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(file.Slice(0, LengthLength));
        ModelLimits.Require(file.Path, length is > 1 and <= MaxLength,
            $"expected a safetensors file, whose header takes 2 to {MaxLength} bytes; found {length}");
        ModelLimits.Require(file.Path, (long)length <= file.Length - LengthLength,
            $"the file is cut short: it ends at byte {file.Length}, inside a header of {length} bytes");
        long start = LengthLength + (long)length;
        List<TensorInfo> tensors = JsonText.Read(file.Path, file.Slice(LengthLength, (int)length).ToArray(),
            root => ReadAll(file, start, root));
        TensorInfo.CheckApart(file.Path, tensors);
        return tensors;
    }

    private static List<TensorInfo> ReadAll(MappedFile file, long start, JsonElement root)
    {
        List<TensorInfo> tensors = [];
        foreach (JsonProperty entry in root.EnumerateObject().Where(entry => entry.Name != "__metadata__"))
        {
            if (tensors.Count == TensorInfo.MaxTensors)
            {
                throw ModelFileError.TooLarge(file.Path, $"expected at most {TensorInfo.MaxTensors} tensors");
            }

            tensors.Add(ReadTensor(file, start, entry.Name, entry.Value));
        }

        return tensors;
    }

    private static TensorInfo ReadTensor(MappedFile file, long start, string name, JsonElement entry)
    {
        string what = $"tensor '{ModelFileError.Shown(name)}'";
        string? type = null;
        long[]? shape = null;
        long[]? range = null;
        foreach (JsonProperty member in entry.EnumerateObject())
        {
            switch (member.Name)
            {
                case "dtype":
                    type = member.Value.GetString();
                    break;
                case "shape":
                    shape = Numbers(file.Path, what, member.Value);
                    break;
                case "data_offsets":
                    range = Numbers(file.Path, what, member.Value);
                    break;
            }
        }

        ModelLimits.Require(file.Path, type is not null && shape is not null && range is { Length: 2 },
            $"{what}: expected dtype, shape and two data_offsets");
        if (shape!.Any(size => size > TensorInfo.MaxDimension))
        {
            throw ModelFileError.TooLarge(file.Path, $"{what}: expected dimensions of at most "
                + $"{TensorInfo.MaxDimension}, found {string.Join(" x ", shape!)}");
        }

        int[] sizes = [.. shape!.Select(size => (int)size)];
        (long first, long end) = (range![0], range[1]);
        ModelLimits.Require(file.Path, first <= end && end <= file.Length - start,
            $"{what}: expected bytes in a file of {file.Length - start} of them, found {first} to {end}");
        TensorDataType? format = TensorDataType.OfSafetensors(type!);
        ModelLimits.Require(file.Path, format is null || TensorInfo.CountOf(sizes) * format.BlockLength == end - first,
            $"{what}: {string.Join(" x ", sizes)} numbers of type {ModelFileError.Shown(type!)} do not take "
                + $"{end - first} bytes");
        return new TensorInfo(file, name, type!, format, sizes, start + first, end - first);
    }

    private static long[] Numbers(string path, string what, JsonElement list)
    {
        ModelLimits.Require(path, list.GetArrayLength() <= TensorInfo.MaxDimensions,
            $"{what}: expected at most {TensorInfo.MaxDimensions} numbers in a list, found {list.GetArrayLength()}");
        return [.. list.EnumerateArray().Select(number => number.TryGetInt64(out long value) && value >= 0 ? value
            : throw ModelFileError.Refused(path, $"{what}: expected whole numbers from 0 on"))];
    }
}
