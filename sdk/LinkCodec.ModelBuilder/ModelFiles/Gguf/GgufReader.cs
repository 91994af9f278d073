using System.Buffers.Binary;
using System.Text;

namespace LinkCodec.ModelBuilder.ModelFiles.Gguf;

/// <summary>Reads a GGUF file from a place on. Whatever the file lacks is one error.</summary>
internal sealed class GgufReader(MappedFile file, long position)
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>The place of the next byte.</summary>
    internal long Position { get; private set; } = position;

    /// <summary>Bytes from here to the end.</summary>
    internal long Left => file.Length - Position;

    internal byte Byte() => Take(1)[0];

    internal ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    internal uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    internal ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    /// <summary>A count of things that take at least so many bytes each.</summary>
    internal int Count(string what, int most, int minLength)
    {
        ulong count = UInt64();
        return count > (ulong)most
            ? throw ModelFileError.TooLarge(file.Path, $"{what}: expected at most {most}, found {count}")
            : count > (ulong)(Left / minLength) ? throw CutShort()
            : (int)count;
    }

    /// <summary>A text of at most so many bytes.</summary>
    internal string Text(string what, int most)
    {
        int length = Count(what, most, 1);
        long at = Position;
        try
        {
            return Strict.GetString(Take(length));
        }
        catch (DecoderFallbackException e)
        {
            throw ModelFileError.Refused(file.Path, $"{what} at byte {at}: expected UTF-8", e);
        }
    }

    /// <summary>Passes over a text.</summary>
    internal void SkipText()
    {
        ulong length = UInt64();
        Skip(length > long.MaxValue ? long.MaxValue : (long)length);
    }

    /// <summary>Passes over bytes.</summary>
    internal void Skip(long length) => Position = length <= Left ? Position + length : throw CutShort();

    private ReadOnlySpan<byte> Take(int length)
    {
        long at = Position;
        Skip(length);
        return file.Slice(at, length);
    }

    private Core.Primitives.LinkException CutShort() => ModelFileError.Refused(file.Path,
        $"the file is cut short: it ends at byte {file.Length}, before the end of what stands at byte {Position}");
}
