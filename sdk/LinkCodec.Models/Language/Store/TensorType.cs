namespace LinkCodec.Models.Language.Store;

/// <summary>The types of a stored tensor's numbers.</summary>
internal enum TensorType : byte
{
    /// <summary>Signed bytes.</summary>
    Int8 = 0,

    /// <summary>IEEE 754 single precision, little-endian.</summary>
    Float32 = 1,
}
