using System.IO.MemoryMappedFiles;
using LinkCodec.ModelBuilder.ModelFiles;
using LinkCodec.ModelBuilder.ModelFiles.Gguf;

namespace LinkCodec.Tests.ModelBuilder.ModelFiles;

/// <summary>Bytes as a mapped file that is on no disk.</summary>
internal static class MappedBytes
{
    internal static MappedFile Of(byte[] bytes)
    {
        MemoryMappedFile map = MemoryMappedFile.CreateNew(null, bytes.Length);
        using (MemoryMappedViewAccessor view = map.CreateViewAccessor())
        {
            view.WriteArray(0, bytes, 0, bytes.Length);
        }

        return new MappedFile("test", map, bytes.Length);
    }

    internal static GgufModel Gguf(byte[] bytes) => GgufModel.Open(Of(bytes));
}
