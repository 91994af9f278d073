using LinkCodec.Core.Primitives;
using Microsoft.ML.OnnxRuntime;

namespace LinkCodec.Models.Graphs;

/// <summary>
/// A loaded graph, shared by a predictor and its lanes; the last of them to let go releases it. Thread-safe.
/// </summary>
internal sealed class GraphSession
{
    private readonly InferenceSession _session;
    private readonly IReadOnlyList<IDisposable> _owned;
    private int _users = 1;

    private GraphSession(InferenceSession session, IReadOnlyList<IDisposable> owned, bool copiesInputs) =>
        (_session, _owned, CopiesInputs) = (session, owned, copiesInputs);

    /// <summary>Inputs by name.</summary>
    internal IReadOnlyDictionary<string, NodeMetadata> Inputs => _session.InputMetadata;

    /// <summary>Outputs by name.</summary>
    internal IReadOnlyDictionary<string, NodeMetadata> Outputs => _session.OutputMetadata;

    /// <summary>
    /// Whether a binding takes its inputs' bytes when they are bound: a device has memory of its own. Else it reads
    /// them at each run.
    /// </summary>
    internal bool CopiesInputs { get; }

    /// <summary>Loads a graph; its one user is the caller.</summary>
    /// <exception cref="LinkException">The bytes are no graph that this runtime can run, or the runtime itself is
    /// missing.</exception>
    internal static GraphSession Open(byte[] graph, GraphOptions options) => Open(graph, options, [], []);

    /// <summary>
    /// Loads a graph some of whose constants lie in the caller's memory and are not copied, but for the forms that
    /// operators make for themselves.
    /// </summary>
    /// <param name="graph">An ONNX file.</param>
    /// <param name="options">The options of running the graph.</param>
    /// <param name="constants">The constants by name, released with the session, or when this throws.</param>
    /// <param name="owned">The owners of the constants' memory: disposed of after the session, not when this
    /// throws.</param>
    /// <exception cref="LinkException">The bytes are no graph that this runtime can run, or the runtime itself is
    /// missing.</exception>
    internal static GraphSession Open(byte[] graph, GraphOptions options,
        IReadOnlyList<(string Name, OrtValue Value)> constants, IReadOnlyList<IDisposable> owned)
    {
        bool opened = false;
        try
        {
            using SessionOptions sessionOptions = options.ToSessionOptions(constants.Count > 0);
            foreach ((string name, OrtValue value) in constants)
            {
                sessionOptions.AddInitializer(name, value);
            }

            var session = new GraphSession(new InferenceSession(graph, sessionOptions),
                [.. constants.Select(c => c.Value), .. owned], !options.Device.IsCpu);
            opened = true;
            return session;
        }
        catch (OnnxRuntimeException e)
        {
            string fault = "The snapshot's graph cannot be loaded: " + FirstLine(e.Message);
            throw options.Device.IsCpu
                ? new LinkException(LinkErrorCode.SnapshotNotFound, fault, e)
                : new ModelRuntimeException(fault, e);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException
            or TypeInitializationException)
        {
            string why = FirstLine(e.GetBaseException().Message);
            throw new ModelRuntimeException(
                $"ONNX Runtime's library, of the package Microsoft.ML.OnnxRuntime or .Gpu, cannot be loaded: {why}", e);
        }
        finally
        {
            if (!opened)
            {
                foreach ((_, OrtValue value) in constants)
                {
                    value.Dispose();
                }
            }
        }
    }

    /// <summary>Adds a user; false when the graph is already released.</summary>
    internal bool TryAddUser()
    {
        for (int users = Volatile.Read(ref _users); users > 0; users = Volatile.Read(ref _users))
        {
            if (Interlocked.CompareExchange(ref _users, users + 1, users) == users)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A user lets go.</summary>
    internal void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            _session.Dispose();
            foreach (IDisposable owned in _owned)
            {
                owned.Dispose();
            }
        }
    }

    /// <summary>A set of inputs and outputs to run with; the caller, a user of the session, disposes it.</summary>
    internal OrtIoBinding CreateBinding() => _session.CreateIoBinding();

    /// <summary>Runs the graph once. Allocates nothing on the managed heap.</summary>
    /// <exception cref="LinkException">The graph failed in its run: it lies about its shapes, or memory ran
    /// out.</exception>
    internal void Run(RunOptions options, OrtIoBinding binding)
    {
        try
        {
            _session.RunWithBinding(options, binding);
        }
        catch (OnnxRuntimeException e)
        {
            throw new LinkException(LinkErrorCode.LimitExceeded,
                "The snapshot's graph failed: " + FirstLine(e.Message), e);
        }
    }

    /// <summary>The beginning of a native error, for one line to a person.</summary>
    internal static string FirstLine(string message)
    {
        int end = message.AsSpan().IndexOfAny('\r', '\n');
        return end < 0 ? message : message[..end];
    }
}
