using LinkCodec.Core.Primitives;
using Microsoft.ML.OnnxRuntime;

namespace LinkCodec.Models.Graphs;

/// <summary>
/// Options of running a graph. No choice here may change a bit of the results; tests vary them all and compare.
/// </summary>
internal sealed record GraphOptions
{
    /// <summary>
    /// The options that every product uses: one thread a session, because streams are spread over lanes and sessions
    /// instead.
    /// </summary>
    internal static readonly GraphOptions Default = new();

    /// <summary>Threads inside one operator, 1 or more.</summary>
    internal int Threads { get; init; } = 1;

    /// <summary>
    /// The rewrites that ONNX Runtime may do. None by default: they gain nothing measurable here, and the next
    /// version's cannot surprise.
    /// </summary>
    internal GraphOptimizationLevel Optimisation { get; init; } = GraphOptimizationLevel.ORT_DISABLE_ALL;

    /// <summary>Whether intermediate values come from one arena.</summary>
    internal bool Arena { get; init; } = true;

    /// <summary>
    /// Whether the arena's layout is planned once for each set of input shapes and kept; not for graphs whose inputs
    /// have many.
    /// </summary>
    internal bool Planned { get; init; } = true;

    /// <summary>The device that runs the operators that have kernels there. Default: the CPU.</summary>
    internal ModelDevice Device { get; init; }

    /// <summary>The options in ONNX Runtime's form; the caller disposes them.</summary>
    /// <param name="constantsApart">Whether the graph is our own and names constants that are handed over: then the
    /// folder that it names has to exist.</param>
    /// <exception cref="LinkException">The device is not there: DeviceUnavailable.</exception>
    internal SessionOptions ToSessionOptions(bool constantsApart = false)
    {
        var options = new SessionOptions
        {
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = Optimisation,
            IntraOpNumThreads = Threads,
            InterOpNumThreads = 1,
            EnableCpuMemArena = Arena,
            EnableMemoryPattern = Arena && Planned,
            // a refused graph is one exception, not lines on a console
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };

        // A spinning worker would take the core that another session needs.
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        options.AddSessionConfigEntry("session.inter_op.allow_spinning", "0");

        // spec 7.1-1: defaults that would change results, or what a file's bytes mean, if they ever moved.
        options.AddSessionConfigEntry("session.set_denormal_as_zero", "0");
        options.AddSessionConfigEntry("mlas.enable_gemm_fastmath_arm64_bfloat16", "0");
        options.AddSessionConfigEntry("session.load_model_format", "ONNX");

        // A graph can name other files for its constants. The manifest's hash does not cover those, so they are looked
        // for where none are.
        string nowhere = constantsApart ? AppContext.BaseDirectory : Path.Combine(AppContext.BaseDirectory,
            "no-files-beside-the-graph");
        options.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", nowhere);
        if (!Device.IsCpu)
        {
            AppendDevice(options);
        }

        return options;
    }

    private void AppendDevice(SessionOptions options)
    {
        try
        {
            CudaProvider.Append(options, Device);
        }
        catch
        {
            options.Dispose();
            throw;
        }
    }
}
