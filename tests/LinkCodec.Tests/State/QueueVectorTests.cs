using System.Text.Json;
using LinkCodec.Core.Endpoint;
using LinkCodec.State;
using Xunit;

namespace LinkCodec.Tests.State;

/// <summary>protocol-spec/vectors/queues.json, which protocol-spec/reference/queues.py reads too.</summary>
public sealed class QueueVectorTests
{
    private static readonly Lazy<JsonElement> Vectors =
        new(() => JsonDocument.Parse(Repository.Read("protocol-spec/vectors/queues.json")).RootElement);

    [Fact]
    [Spec("4.8-2")]
    [Spec("4.8-9")]
    [Spec("4.8-10")]
    public void Valid_maps_read_as_the_vectors_say()
    {
        foreach (JsonElement vector in Vectors.Value.GetProperty("valid").EnumerateArray())
        {
            byte[] map = MapOf(vector);
            if (vector.TryGetProperty("delivered", out JsonElement delivered))
            {
                Assert.Equal(delivered.GetUInt64(), DeliveryReport.Read(map));
                Assert.Equal(NumberOf(vector, "bytes"), DeliveryReport.ReadHeld(map));
                Assert.Equal(NumberOf(vector, "keeps") == 1, DeliveryReport.ReadKeeps(map));
                continue;
            }

            bool asks = vector.TryGetProperty("asks", out JsonElement number);
            QueueAnnouncement expected = new(vector.GetProperty("queue").GetUInt64(),
                vector.GetProperty("session").GetUInt64(),
                (asks ? number : vector.GetProperty("begins")).GetUInt64(), asks)
            {
                Begun = vector.TryGetProperty("begun", out JsonElement begun)
                    ? new BegunPart(begun.GetUInt64(), NumberOf(vector, "bytes"), NumberOf(vector, "check"))
                    : null,
            };
            Assert.Equal(expected, QueueAnnouncement.FromControl(map));
            Assert.Equal(expected, QueueAnnouncement.FromControl(ControlMap.Write(expected.Entries)));
        }
    }

    [Fact]
    public void Maps_that_say_nothing_of_a_queue_are_none()
    {
        foreach (JsonElement vector in Vectors.Value.GetProperty("must_reject").EnumerateArray())
        {
            Assert.Null(QueueAnnouncement.FromControl(MapOf(vector)));
        }
    }

    private static ulong NumberOf(JsonElement vector, string name) =>
        vector.TryGetProperty(name, out JsonElement number) ? number.GetUInt64() : 0;

    private static byte[] MapOf(JsonElement vector) => Convert.FromHexString(vector.GetProperty("map").GetString()!);
}
