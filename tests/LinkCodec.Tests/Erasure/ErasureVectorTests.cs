using System.Text.Json;
using LinkCodec.Core.Erasure;
using LinkCodec.Core.Framing;
using Xunit;

namespace LinkCodec.Tests.Erasure;

/// <summary>protocol-spec/vectors/erasure.json, which protocol-spec/reference/erasure.py makes and checks.</summary>
public sealed class ErasureVectorTests
{
    private static readonly Lazy<JsonElement> Vectors =
        new(() => JsonDocument.Parse(Repository.Read("protocol-spec/vectors/erasure.json")).RootElement);

    public static TheoryData<string> Valid => Names("valid");

    public static TheoryData<string> Rejected => Names("must_reject");

    [Fact]
    [Spec("15.2-3")]
    public void Coefficients_are_those_of_the_vectors()
    {
        foreach (JsonElement vector in Vectors.Value.GetProperty("coefficients").EnumerateArray())
        {
            byte[] drawn = new byte[vector.GetProperty("reach").GetInt32()];
            CodingCoefficients.Draw(drawn, vector.GetProperty("counter").GetUInt64());
            Assert.Equal(vector.GetProperty("coefficients").GetString(), Convert.ToHexStringLower(drawn));
        }
    }

    [Theory]
    [Spec("15.2-2")]
    [Spec("15.2-4")]
    [MemberData(nameof(Valid))]
    public void Lost_segments_are_computed_as_the_vector_says(string name)
    {
        (RepairSolver solver, string found) = Solve(Find("valid", name));
        Assert.False(solver.IsBroken);
        Assert.Equal(Pairs(Find("valid", name), "found"), found);
    }

    [Theory]
    [Spec("15.2-2")]
    [Spec("15.3-3")]
    [MemberData(nameof(Rejected))]
    public void Repairs_that_are_none_are_found_out(string name) =>
        Assert.True(Solve(Find("must_reject", name)).Solver.IsBroken);

    [Theory]
    [Spec("15.2-2")]
    [MemberData(nameof(Valid))]
    public void Repairs_are_made_as_in_the_vector(string name)
    {
        JsonElement vector = Find("valid", name);
        Dictionary<ulong, byte[]> sent = [];
        foreach (string part in (string[])["known", "found"])
        {
            foreach (JsonElement pair in vector.GetProperty(part).EnumerateArray())
            {
                sent[pair[0].GetUInt64()] = Convert.FromHexString(pair[1].GetString()!);
            }
        }

        foreach (JsonElement repair in vector.GetProperty("repairs").EnumerateArray())
        {
            ulong counter = repair[0].GetUInt64(), first = counter - repair[1].GetUInt64();
            RepairMaker maker = new();
            foreach ((ulong at, byte[] plaintext) in sent.Where(s => s.Key < counter).OrderBy(s => s.Key))
            {
                maker.Add(at, plaintext);
            }

            // Only where no segment stayed unknown does the vector say all that enters the repair.
            bool isWhole = sent.Keys.Count(k => k >= first && k < counter)
                + vector.GetProperty("repairs").EnumerateArray().Count(r => r[0].GetUInt64() >= first
                    && r[0].GetUInt64() < counter) == (int)(counter - first);
            if (isWhole)
            {
                Assert.True(maker.TryMake(counter, first, 1200, out RepairFrame made));
                Assert.Equal(repair[3].GetString(), Convert.ToHexStringLower(made.Symbol.Span));
            }
        }
    }

    private static (RepairSolver Solver, string Found) Solve(JsonElement vector)
    {
        RepairSolver solver = new();
        foreach (JsonElement pair in vector.GetProperty("known").EnumerateArray())
        {
            solver.OnSegment(pair[0].GetUInt64(), Convert.FromHexString(pair[1].GetString()!));
        }

        foreach (JsonElement repair in vector.GetProperty("repairs").EnumerateArray())
        {
            solver.OnRepair(repair[0].GetUInt64(), new RepairFrame
            {
                Reach = repair[1].GetInt32(),
                BackToLast = repair[2][0].GetByte(),
                BackToLastButOne = repair[2][1].GetByte(),
                Symbol = Convert.FromHexString(repair[3].GetString()!),
            });
        }

        SortedDictionary<ulong, string> found = [];
        while (solver.TryTake(out ulong counter, out ReadOnlyMemory<byte> plaintext))
        {
            found.Add(counter, Convert.ToHexStringLower(plaintext.Span));
        }

        return (solver, string.Join(" ", found));
    }

    private static string Pairs(JsonElement vector, string part) => string.Join(" ", vector.GetProperty(part)
        .EnumerateArray().Select(pair => KeyValuePair.Create(pair[0].GetUInt64(), pair[1].GetString())));

    private static TheoryData<string> Names(string part) =>
        [.. Vectors.Value.GetProperty(part).EnumerateArray().Select(v => v.GetProperty("name").GetString()!)];

    private static JsonElement Find(string part, string name) => Vectors.Value.GetProperty(part).EnumerateArray()
        .Single(v => v.GetProperty("name").GetString() == name);
}
