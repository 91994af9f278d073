using LinkCodec.Core.Primitives;

namespace LinkCodec.Models;

/// <summary>A device, or the library of ONNX Runtime, that a model was to run on is missing on this machine.</summary>
/// <param name="message">The error in one line for a person.</param>
/// <param name="innerException">The cause.</param>
public sealed class ModelRuntimeException(string message, Exception? innerException = null)
    : LinkFaultException(message, innerException);
