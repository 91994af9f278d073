using System.Globalization;
using LinkCodec.Core.Primitives;
using Microsoft.ML.OnnxRuntime;

namespace LinkCodec.Models.Graphs;

/// <summary>Puts ONNX Runtime's CUDA provider into a session's options.</summary>
internal static class CudaProvider
{
    /// <summary>Adds the provider; operators that it lacks stay with the CPU's.</summary>
    /// <exception cref="LinkException">DeviceUnavailable: there is no provider, no CUDA or no such device.</exception>
    internal static void Append(SessionOptions options, ModelDevice device)
    {
        try
        {
            using OrtCUDAProviderOptions cuda = new();
            // This loads the provider's library first, and without CUDA fails there; the call that appends the provider
            // would write a line to the console as well.
            cuda.UpdateOptions(new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["device_id"] = device.Number.ToString(CultureInfo.InvariantCulture),
                // TF32 would keep ten bits of a float. Integers of the form Float have seven, but nothing is gained by
                // relying on that.
                ["use_tf32"] = "0",
            });
            options.AppendExecutionProvider_CUDA(cuda);
        }
        catch (Exception e) when (e is OnnxRuntimeException or DllNotFoundException or EntryPointNotFoundException
            or BadImageFormatException or TypeInitializationException)
        {
            // Before it stands where in ONNX Runtime's sources.
            string why = GraphSession.FirstLine(e.GetBaseException().Message).Split(" : ")[^1];
            throw new ModelRuntimeException($"{device} was asked for and cannot be used: {why}.", e);
        }
    }
}
