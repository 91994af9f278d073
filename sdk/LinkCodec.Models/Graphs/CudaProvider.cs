using System.Globalization;
using System.Runtime.InteropServices;
using LinkCodec.Core.Primitives;
using Microsoft.ML.OnnxRuntime;

namespace LinkCodec.Models.Graphs;

/// <summary>Puts ONNX Runtime's CUDA provider into a session's options: the one that the runtime was built with, or else the library beside it.</summary>
internal static class CudaProvider
{
    private const string Name = "CUDAExecutionProvider";
    private static readonly Lock Registering = new();
    private static bool _isRegistered;

    /// <summary>Where the provider's library is looked for if the runtime has none built in.</summary>
    internal static string LibraryPath { get; } = Path.Combine(
        AppContext.BaseDirectory, "runtimes", RuntimeInformation.RuntimeIdentifier, "native", OperatingSystem.IsWindows() ? "onnxruntime_providers_cuda.dll" : "libonnxruntime_providers_cuda.so");

    /// <summary>Adds the provider; operators that it lacks stay with the CPU's.</summary>
    /// <exception cref="LinkException">DeviceUnavailable: there is no provider, no CUDA or no such device.</exception>
    internal static void Append(SessionOptions options, ModelDevice device)
    {
        try
        {
            // TF32 would keep ten bits of a float. Integers of the form Float have seven, but nothing is gained by relying on that.
            Dictionary<string, string> settings = new(StringComparer.Ordinal) { ["use_tf32"] = "0" };
            OrtEnv environment = OrtEnv.Instance();
            if (environment.GetAvailableProviders().Contains(Name))
            {
                settings["device_id"] = device.Number.ToString(CultureInfo.InvariantCulture);
                using OrtCUDAProviderOptions cuda = new();
                cuda.UpdateOptions(settings);
                options.AppendExecutionProvider_CUDA(cuda);
                return;
            }

            OrtEpDevice[] found = Find(environment, device);
            if (device.Number >= found.Length)
            {
                throw Unavailable(device, $"ONNX Runtime's CUDA provider finds {found.Length} devices");
            }

            options.AppendExecutionProvider(environment, [found[device.Number]], settings);
        }
        catch (Exception e) when (e is OnnxRuntimeException or DllNotFoundException or EntryPointNotFoundException or BadImageFormatException or TypeInitializationException)
        {
            throw Unavailable(device, GraphSession.FirstLine(e.GetBaseException().Message), e);
        }
    }

    private static OrtEpDevice[] Find(OrtEnv environment, ModelDevice device)
    {
        lock (Registering)
        {
            if (!_isRegistered)
            {
                if (!File.Exists(LibraryPath))
                {
                    throw Unavailable(device, $"ONNX Runtime has no CUDA provider here, neither built in nor as {LibraryPath}");
                }

                environment.RegisterExecutionProviderLibrary("cuda", LibraryPath);
                _isRegistered = true;
            }
        }

        return [.. environment.GetEpDevices().Where(d => d.EpName == Name)];
    }

    private static LinkException Unavailable(ModelDevice device, string why, Exception? cause = null) =>
        new(LinkErrorCode.DeviceUnavailable, $"{device} was asked for and cannot be used: {why}.", cause);
}
