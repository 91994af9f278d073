namespace LinkCodec.Models.Language.Store;

/// <summary>What the numbers of a stored tensor are.</summary>
internal enum TensorType : byte
{
    /// <summary>Signed bytes.</summary>
    Int8 = 0,

    /// <summary>IEEE 754 single precision, little-endian.</summary>
    Float32 = 1,
}
