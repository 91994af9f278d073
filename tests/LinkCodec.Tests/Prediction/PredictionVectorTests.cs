using System.Buffers.Binary;
using System.Numerics;
using System.Text.Json;
using LinkCodec.Core.Prediction;
using LinkCodec.Tests.Coding;
using Xunit;

namespace LinkCodec.Tests.Prediction;

public class PredictionVectorTests
{
    public static TheoryData<string> Weights => VectorFile.Names("quantiser", "valid", "weights");

    public static TheoryData<string> BadWeights => VectorFile.Names("quantiser", "must_reject", "weights");

    public static TheoryData<string> Baselines => VectorFile.Names("prediction", "valid", "baseline");

    [Spec("5.3-1")]
    [Theory]
    [MemberData(nameof(Weights))]
    public void Weights_become_the_spec_s_intervals(string name)
    {
        JsonElement vector = VectorFile.Find("quantiser", "valid", "weights", name);
        FrequencyQuantiser quantiser = Load(vector);
        foreach (JsonElement probe in vector.GetProperty("cumulative").EnumerateArray())
        {
            Assert.Equal(probe[1].GetUInt32(), quantiser.Cumulative(probe[0].GetInt32()));
        }
    }

    [Spec("5.3-2")]
    [Theory]
    [MemberData(nameof(BadWeights))]
    public void What_can_not_be_quantised_is_refused(string name) =>
        Assert.ThrowsAny<ArgumentException>(() => Load(VectorFile.Find("quantiser", "must_reject", "weights", name)));

    [Spec("7.4-1")]
    [Spec("7.4-2")]
    [Spec("7.4-3")]
    [Spec("7.4-4")]
    [Spec("7.4-5")]
    [Spec("7.4-6")]
    [Theory]
    [MemberData(nameof(Baselines))]
    public void The_baseline_gives_the_spec_s_weights(string name)
    {
        JsonElement vector = VectorFile.Find("prediction", "valid", "baseline", name);
        byte[][] before = vector.TryGetProperty("before", out JsonElement earlier)
            ? [.. earlier.EnumerateArray().Select(message => Convert.FromHexString(message.GetString()!))]
            : [];
        Assert.Equal(vector.GetProperty("crc32c").GetUInt32(), Check(vector.Hex("message"), before));
    }

    /// <summary>CRC-32C of all weights of a message that follows others in a chain, each as 4 bytes,
    /// little-endian.</summary>
    internal static uint Check(byte[] message, params byte[][] before)
    {
        AdaptiveByteStream stream = new();
        stream.Reset();
        foreach (byte[] earlier in before)
        {
            Array.ForEach(earlier, stream.Append);
            stream.BeginMessage();
        }

        uint[] weights = new uint[Predictor.ByteAlphabet];
        stream.Predict(weights);
        uint crc = Add(uint.MaxValue, weights);
        foreach (byte value in message)
        {
            stream.Append(value);
            stream.Predict(weights);
            crc = Add(crc, weights);
        }

        return ~crc;
    }

    private static uint Add(uint crc, uint[] weights)
    {
        byte[] bytes = new byte[4];
        foreach (uint weight in weights)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, weight);
            foreach (byte value in bytes)
            {
                crc = BitOperations.Crc32C(crc, value);
            }
        }

        return crc;
    }

    private static FrequencyQuantiser Load(JsonElement vector)
    {
        JsonElement listed = vector.GetProperty("weights");
        uint[] weights;
        if (listed.ValueKind == JsonValueKind.Array)
        {
            weights = [.. listed.EnumerateArray().Select(w => w.GetUInt32())];
        }
        else
        {
            ulong multiplier = listed.GetProperty("multiplier").GetUInt64();
            ulong modulus = listed.GetProperty("modulus").GetUInt64();
            weights = [.. Enumerable.Range(0, listed.GetProperty("symbols").GetInt32())
                .Select(i => (uint)((ulong)i * multiplier % modulus))];
        }

        bool[] allowed =
            vector.TryGetProperty("allowed", out JsonElement mask) ? [.. mask.GetString()!.Select(c => c == '1')] : [];
        var quantiser = new FrequencyQuantiser(weights.Length, vector.GetProperty("bits").GetInt32());
        quantiser.Load(weights, allowed);
        return quantiser;
    }
}
