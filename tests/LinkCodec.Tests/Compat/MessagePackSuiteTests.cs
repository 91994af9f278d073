using System.Buffers;
using System.Globalization;
using System.Text.Json;
using LinkCodec.Tests.Snapshots;
using MessagePack;
using Xunit;

namespace LinkCodec.Tests.Compat;

/// <summary>Every value of the public MessagePack test suite, in every encoding that it accepts.</summary>
public sealed class MessagePackSuiteTests
{
    private static JsonElement Suite { get; } = JsonDocument.Parse(VectorFiles.Read("msgpack-test-suite.json")).RootElement;

    [Fact]
    public void The_suite_has_85_values() => Assert.Equal(85, Values().Count());

    [Fact]
    public void Every_encoding_reads_as_its_value_and_nothing_is_left()
    {
        foreach (JsonElement value in Values())
        {
            foreach (byte[] encoding in Encodings(value))
            {
                MessagePackReader reader = new(encoding);
                Check(value, ref reader);
                Assert.True(reader.End, value.GetRawText());
            }
        }
    }

    [Fact]
    public void Every_encoding_reads_the_same_when_each_byte_lies_in_a_segment_of_its_own()
    {
        foreach (JsonElement value in Values())
        {
            foreach (byte[] encoding in Encodings(value))
            {
                MessagePackReader reader = new(Pieces.Of(encoding));
                Check(value, ref reader);
                Assert.True(reader.End, value.GetRawText());
            }
        }
    }

    [Fact]
    public void Skip_passes_every_encoding_whole()
    {
        foreach (byte[] encoding in Values().SelectMany(Encodings))
        {
            MessagePackReader reader = new(encoding);
            Assert.Equal(encoding, reader.ReadRaw().ToArray());
            Assert.True(reader.End);
        }
    }

    [Fact]
    public void Every_cut_short_encoding_ends_in_EndOfStream()
    {
        foreach (byte[] encoding in Values().SelectMany(Encodings))
        {
            for (int length = 0; length < encoding.Length; length++)
            {
                byte[] cut = encoding[..length];
                Assert.Throws<EndOfStreamException>(() => new MessagePackReader(cut).Skip());
            }
        }
    }

    [Fact]
    public void The_writer_writes_the_smallest_encoding()
    {
        foreach (JsonElement value in Values())
        {
            ArrayBufferWriter<byte> output = new();
            MessagePackWriter writer = new(output);
            Write(value, ref writer);
            writer.Flush();
            int smallest = Encodings(value).Min(e => e.Length);
            Assert.Equal(smallest, output.WrittenCount);
            Assert.Contains(Encodings(value), e => e.AsSpan().SequenceEqual(output.WrittenSpan));
        }
    }

    private static IEnumerable<JsonElement> Values() => Suite.EnumerateObject().SelectMany(f => f.Value.EnumerateArray());

    private static IEnumerable<byte[]> Encodings(JsonElement value) =>
        value.GetProperty("msgpack").EnumerateArray().Select(e => Hex(e.GetString()!));

    private static byte[] Hex(string text) => Convert.FromHexString(text.Replace("-", "", StringComparison.Ordinal));

    private static void Check(JsonElement value, ref MessagePackReader reader)
    {
        JsonProperty what = value.EnumerateObject().First();
        switch (what.Name)
        {
            case "binary":
                Assert.Equal(Hex(what.Value.GetString()!), reader.ReadBytes()!.Value.ToArray());
                break;
            case "number" when value.TryGetProperty("bignum", out JsonElement big):
                CheckNumber(big.GetString()!, ref reader);
                break;
            case "bignum":
                CheckNumber(what.Value.GetString()!, ref reader);
                break;
            case "number":
                CheckNumber(what.Value.GetRawText(), ref reader);
                break;
            case "timestamp":
                CheckTimestamp(what.Value[0].GetInt64(), what.Value[1].GetInt64(), ref reader);
                break;
            case "ext":
                ExtensionResult ext = reader.ReadExtensionFormat();
                Assert.Equal(what.Value[0].GetInt32(), ext.TypeCode);
                Assert.Equal(Hex(what.Value[1].GetString()!), ext.Data.ToArray());
                break;
            default:
                CheckJson(what.Value, ref reader);
                break;
        }
    }

    private static void CheckNumber(string text, ref MessagePackReader reader)
    {
        if (reader.NextMessagePackType == MessagePackType.Float)
        {
            Assert.Equal(double.Parse(text, CultureInfo.InvariantCulture), reader.ReadDouble());
        }
        else if (text.StartsWith('-'))
        {
            Assert.Equal(long.Parse(text, CultureInfo.InvariantCulture), reader.ReadInt64());
        }
        else
        {
            Assert.Equal(ulong.Parse(text, CultureInfo.InvariantCulture), reader.ReadUInt64());
        }
    }

    /// <summary>DateTime ends in the years 1 and 9999; beyond them the reader must refuse, not wrap.</summary>
    private static void CheckTimestamp(long seconds, long nanoseconds, ref MessagePackReader reader)
    {
        if (seconds < -62135596800 || seconds > 253402300799)
        {
            MessagePackReader peek = reader.CreatePeekReader();
            ArgumentOutOfRangeException? refused = null;
            try
            {
                peek.ReadDateTime();
            }
            catch (ArgumentOutOfRangeException e)
            {
                refused = e;
            }

            Assert.NotNull(refused);
            reader.Skip();
            return;
        }

        Assert.Equal(DateTime.UnixEpoch.AddSeconds(seconds).AddTicks(nanoseconds / 100), reader.ReadDateTime());
    }

    private static void CheckJson(JsonElement value, ref MessagePackReader reader)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Null:
                reader.ReadNil();
                break;
            case JsonValueKind.True or JsonValueKind.False:
                Assert.Equal(value.GetBoolean(), reader.ReadBoolean());
                break;
            case JsonValueKind.String:
                Assert.Equal(value.GetString(), reader.ReadString());
                break;
            case JsonValueKind.Number:
                CheckNumber(value.GetRawText(), ref reader);
                break;
            case JsonValueKind.Array:
                Assert.Equal(value.GetArrayLength(), reader.ReadArrayHeader());
                foreach (JsonElement element in value.EnumerateArray())
                {
                    CheckJson(element, ref reader);
                }

                break;
            default:
                Assert.Equal(value.EnumerateObject().Count(), reader.ReadMapHeader());
                foreach (JsonProperty property in value.EnumerateObject())
                {
                    Assert.Equal(property.Name, reader.ReadString());
                    CheckJson(property.Value, ref reader);
                }

                break;
        }
    }

    private static void Write(JsonElement value, ref MessagePackWriter writer)
    {
        JsonProperty what = value.EnumerateObject().First();
        byte[] smallest = Encodings(value).MinBy(e => e.Length)!;
        MessagePackReader reader = new(smallest);
        switch (what.Name)
        {
            case "binary":
                writer.Write(reader.ReadBytes()!.Value);
                break;
            case "ext":
                writer.WriteExtensionFormat(reader.ReadExtensionFormat());
                break;
            case "timestamp" when what.Value[1].GetInt64() % 100 == 0 && what.Value[0].GetInt64() is >= -62135596800 and <= 253402300799:
                writer.Write(reader.ReadDateTime());
                break;
            case "timestamp":
                writer.WriteExtensionFormat(reader.ReadExtensionFormat()); // Finer or further than DateTime.
                break;
            default:
                Rewrite(ref reader, ref writer);
                break;
        }
    }

    private static void Rewrite(ref MessagePackReader reader, ref MessagePackWriter writer)
    {
        switch (reader.NextMessagePackType)
        {
            case MessagePackType.Nil:
                reader.ReadNil();
                writer.WriteNil();
                break;
            case MessagePackType.Boolean:
                writer.Write(reader.ReadBoolean());
                break;
            case MessagePackType.String:
                writer.Write(reader.ReadString());
                break;
            case MessagePackType.Float:
                double number = reader.ReadDouble();
                if ((float)number == number)
                {
                    writer.Write((float)number);
                }
                else
                {
                    writer.Write(number);
                }

                break;
            case MessagePackType.Integer when reader.NextCode == MessagePackCode.UInt64:
                writer.Write(reader.ReadUInt64());
                break;
            case MessagePackType.Integer:
                writer.Write(reader.ReadInt64());
                break;
            case MessagePackType.Array:
                RewriteMany(reader.ReadArrayHeader() is int n ? WriteArray(ref writer, n) : 0, ref reader, ref writer);
                break;
            default:
                RewriteMany(reader.ReadMapHeader() is int m ? WriteMap(ref writer, m) : 0, ref reader, ref writer);
                break;
        }
    }

    private static int WriteArray(ref MessagePackWriter writer, int count)
    {
        writer.WriteArrayHeader(count);
        return count;
    }

    private static int WriteMap(ref MessagePackWriter writer, int count)
    {
        writer.WriteMapHeader(count);
        return 2 * count;
    }

    private static void RewriteMany(int count, ref MessagePackReader reader, ref MessagePackWriter writer)
    {
        for (int i = 0; i < count; i++)
        {
            Rewrite(ref reader, ref writer);
        }
    }
}
