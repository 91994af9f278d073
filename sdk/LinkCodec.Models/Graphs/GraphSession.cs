using LinkCodec.Core.Primitives;
using Microsoft.ML.OnnxRuntime;

namespace LinkCodec.Models.Graphs;

/// <summary>One loaded graph, shared by a predictor and its lanes; the last of them to let go releases it. Thread-safe.</summary>
internal sealed class GraphSession
{
    private readonly InferenceSession _session;
    private int _users = 1;

    private GraphSession(InferenceSession session) => _session = session;

    /// <summary>Inputs by name.</summary>
    internal IReadOnlyDictionary<string, NodeMetadata> Inputs => _session.InputMetadata;

    /// <summary>Outputs by name.</summary>
    internal IReadOnlyDictionary<string, NodeMetadata> Outputs => _session.OutputMetadata;

    /// <summary>Loads a graph; its one user is the caller.</summary>
    /// <exception cref="LinkException">The bytes are no graph that this runtime can run, or the runtime itself is missing.</exception>
    internal static GraphSession Open(byte[] graph, GraphOptions options)
    {
        try
        {
            using SessionOptions sessionOptions = options.ToSessionOptions();
            return new GraphSession(new InferenceSession(graph, sessionOptions));
        }
        catch (OnnxRuntimeException e)
        {
            throw new LinkException(LinkErrorCode.SnapshotNotFound, "The snapshot's graph cannot be loaded: " + FirstLine(e.Message), e);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException or TypeInitializationException)
        {
            throw new LinkException(LinkErrorCode.SnapshotNotFound, "ONNX Runtime's native library cannot be loaded: " + FirstLine(e.GetBaseException().Message), e);
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
        }
    }

    /// <summary>A set of inputs and outputs to run with; the caller, a user of the session, disposes it.</summary>
    internal OrtIoBinding CreateBinding() => _session.CreateIoBinding();

    /// <summary>Runs the graph once. Allocates nothing on the managed heap.</summary>
    /// <exception cref="LinkException">The graph failed in its run: it lies about its shapes, or memory ran out.</exception>
    internal void Run(RunOptions options, OrtIoBinding binding)
    {
        try
        {
            _session.RunWithBinding(options, binding);
        }
        catch (OnnxRuntimeException e)
        {
            throw new LinkException(LinkErrorCode.LimitExceeded, "The snapshot's graph failed: " + FirstLine(e.Message), e);
        }
    }

    private static string FirstLine(string message)
    {
        int end = message.AsSpan().IndexOfAny('\r', '\n');
        return end < 0 ? message : message[..end];
    }
}
