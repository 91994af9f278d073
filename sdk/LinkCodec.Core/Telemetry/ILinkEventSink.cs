namespace LinkCodec.Core.Telemetry;

/// <summary>Takes the events of one or more sessions. What becomes of them is the sink's affair; the core has no exporter.</summary>
/// <remarks>A sink is called on the thread that drives the session, in the middle of its work: be quick, don't throw, and don't call the session.
/// A sink that several sessions share must be thread-safe.</remarks>
public interface ILinkEventSink
{
    /// <summary>Takes one event.</summary>
    void OnEvent(in LinkEvent e);
}
