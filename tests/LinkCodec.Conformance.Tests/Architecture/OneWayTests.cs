using System.Text.RegularExpressions;
using Xunit;

namespace LinkCodec.Conformance.Tests.Architecture;

/// <summary>
/// What an end of a link does is written once: whoever drives one knows nothing of what happens inside.
/// </summary>
public sealed class OneWayTests
{
    // Of what an endpoint tells: a message, how a session ended, why there is none. Of what it is told: what messages
    // are.
    private const string Told =
        @"^LinkCodec\.Core\.(Primitives\.|Endpoint\.|Compression\.ReceivedMessage$|Session\.(SessionEvent|SessionStatistics|SentBytes|Handshake\.HandshakeFailure)$"
            + @"|Prediction\.ContentHint$)";

    [Fact]
    public void The_simulator_names_no_frame_no_sealing_and_no_coding() =>
        Complaints.None(Beyond("LinkCodec.Simulator"));

    [Fact]
    public void The_driver_names_no_frame_no_sealing_and_no_coding() => Complaints.None(Beyond("LinkCodec.Transport"));

    [Fact]
    public void The_driver_is_a_loop_of_at_most_150_lines() =>
        Assert.InRange(Repository.Read("sdk/LinkCodec.Transport/Driving/LinkDriver.cs").TrimEnd().Split('\n').Length, 1,
            150);

    [Fact]
    public void What_is_forbidden_is_found() => Assert.Contains(
        Beyond("LinkCodec"),
        complaint => complaint.Contains("LinkCodec.Core.Compression.MessageEncoder", StringComparison.Ordinal));

    private static IEnumerable<string> Beyond(string assembly) => TypeUseReader.Read(Assemblies.PathOf(assembly))
        .Where(use => use.To.StartsWith("LinkCodec.Core.", StringComparison.Ordinal) && !Regex.IsMatch(use.To, Told))
        .Select(use => $"{use.From} uses {use.To}").Distinct();
}
