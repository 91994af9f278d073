namespace LinkCodec.ModelBuilder.ModelFiles.Gguf;

/// <summary>The types of the metadata's values, numbered as in the file.</summary>
internal enum GgufValueType : uint
{
    /// <summary>8 bits.</summary>
    UInt8 = 0,

    /// <summary>8 bits, signed.</summary>
    Int8 = 1,

    /// <summary>16 bits.</summary>
    UInt16 = 2,

    /// <summary>16 bits, signed.</summary>
    Int16 = 3,

    /// <summary>32 bits.</summary>
    UInt32 = 4,

    /// <summary>32 bits, signed.</summary>
    Int32 = 5,

    /// <summary>Single precision.</summary>
    Float32 = 6,

    /// <summary>A byte, 0 or not.</summary>
    Flag = 7,

    /// <summary>A length of 64 bits and UTF-8.</summary>
    Text = 8,

    /// <summary>The type of the elements, their count in 64 bits, and they.</summary>
    List = 9,

    /// <summary>64 bits.</summary>
    UInt64 = 10,

    /// <summary>64 bits, signed.</summary>
    Int64 = 11,

    /// <summary>Double precision.</summary>
    Float64 = 12,
}
