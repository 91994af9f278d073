using LinkCodec.Core.Primitives;

namespace LinkCodec.Models;

/// <summary>What a model was to run on is missing on this machine: a device, or the library of ONNX Runtime.</summary>
/// <param name="message">One line for a person.</param>
/// <param name="innerException">What caused it.</param>
public sealed class ModelRuntimeException(string message, Exception? innerException = null)
    : LinkFaultException(message, innerException);
