using LinkCodec.Core.Primitives;

namespace LinkCodec.ModelBuilder.ModelFiles.Gguf;

/// <summary>
/// The metadata of a GGUF file, by key: what the file says about its model. Values stay in the file until they are
/// asked for: no use after the file is closed.
/// </summary>
/// <remarks>
/// Each getter gives null for a key that is absent, and throws a <see cref="LinkException"/> for a value of another
/// type.
/// </remarks>
internal sealed class GgufMetadata
{
    private const int MaxKeys = 1 << 16;
    private const int MaxKeyLength = (1 << 16) - 1;
    private const int MaxElements = 1 << 22;
    private const int MaxTextLength = 1 << 24;
    private const int MinEntryLength = 13;

    private readonly MappedFile _file;
    private readonly SortedDictionary<string, GgufValue> _values = new(StringComparer.Ordinal);

    /// <summary>Reads so many entries and moves the cursor past them.</summary>
    internal GgufMetadata(MappedFile file, GgufReader cursor, int count)
    {
        _file = file;
        for (int i = 0; i < count; i++)
        {
            string key = cursor.Text("a metadata key", MaxKeyLength);
            if (!_values.TryAdd(key, ReadValue(cursor, key)))
            {
                throw ModelFileError.Refused(file.Path,
                    $"two metadata values are called '{ModelFileError.Shown(key)}'");
            }
        }
    }

    /// <summary>The keys, all of them, in order.</summary>
    internal IReadOnlyCollection<string> Keys => _values.Keys;

    /// <summary>Reads the count of entries.</summary>
    internal static int ReadCount(GgufReader cursor) => cursor.Count("metadata values", MaxKeys, MinEntryLength);

    /// <summary>Whether there is such a value.</summary>
    internal bool Has(string key) => _values.ContainsKey(key);

    /// <summary>A text.</summary>
    internal string? Text(string key) =>
        Find(key, false, "a text", GgufValueType.Text) is { } value ? At(value).Text(Name(key), MaxTextLength) : null;

    /// <summary>A truth value.</summary>
    internal bool? Flag(string key) =>
        Find(key, false, "a truth value", GgufValueType.Flag) is { } value ? At(value).Byte() != 0 : null;

    /// <summary>A whole number of any size and sign.</summary>
    internal long? Integer(string key) =>
        Find(key, false, "a whole number", IntegerTypes) is { } value ? ReadInteger(At(value), value.Type, key) : null;

    /// <summary>A number of any kind, rounded to double precision.</summary>
    internal double? Number(string key) =>
        Find(key, false, "a number", NumberTypes) is { } value ? ReadNumber(At(value), value.Type, key) : null;

    /// <summary>A list of texts, such as the tokens.</summary>
    internal string[]? Texts(string key) =>
        List(key, "a list of texts", [GgufValueType.Text], (cursor, _) => cursor.Text(Name(key), MaxTextLength));

    /// <summary>A list of whole numbers.</summary>
    internal long[]? Integers(string key) =>
        List(key, "a list of whole numbers", IntegerTypes, (cursor, type) => ReadInteger(cursor, type, key));

    /// <summary>A list of numbers, such as the tokens' scores.</summary>
    internal double[]? Numbers(string key) =>
        List(key, "a list of numbers", NumberTypes, (cursor, type) => ReadNumber(cursor, type, key));

    private static GgufValueType[] IntegerTypes { get; } =
        [GgufValueType.UInt8, GgufValueType.Int8, GgufValueType.UInt16, GgufValueType.Int16, GgufValueType.UInt32,
            GgufValueType.Int32, GgufValueType.UInt64, GgufValueType.Int64];

    private static GgufValueType[] NumberTypes { get; } = [.. IntegerTypes, GgufValueType.Float32,
        GgufValueType.Float64];

    private static string Name(string key) => $"metadata '{ModelFileError.Shown(key)}'";

    // 0: of no fixed length.
    private static int LengthOf(GgufValueType type) => type switch
    {
        GgufValueType.UInt8 or GgufValueType.Int8 or GgufValueType.Flag => 1,
        GgufValueType.UInt16 or GgufValueType.Int16 => 2,
        GgufValueType.UInt32 or GgufValueType.Int32 or GgufValueType.Float32 => 4,
        GgufValueType.UInt64 or GgufValueType.Int64 or GgufValueType.Float64 => 8,
        _ => 0,
    };

    private GgufValue ReadValue(GgufReader cursor, string key)
    {
        GgufValueType type = ReadType(cursor, key);
        bool isList = type == GgufValueType.List;
        int count = 1;
        if (isList)
        {
            type = ReadType(cursor, key);
            if (type == GgufValueType.List)
            {
                throw ModelFileError.Refused(_file.Path, $"{Name(key)}: lists of lists are not supported");
            }

            count = cursor.Count(Name(key), MaxElements, type == GgufValueType.Text ? 8 : LengthOf(type));
        }

        GgufValue value = new(type, isList, count, cursor.Position);
        if (type != GgufValueType.Text)
        {
            cursor.Skip((long)count * LengthOf(type));
            return value;
        }

        for (int i = 0; i < count; i++)
        {
            cursor.SkipText();
        }

        // No list takes more memory than this when it is read.
        return cursor.Position - value.Offset <= 8L * MaxTextLength ? value : throw ModelFileError.TooLarge(_file.Path,
            $"{Name(key)}: expected at most {8L * MaxTextLength} bytes, found {cursor.Position - value.Offset}");
    }

    private GgufValueType ReadType(GgufReader cursor, string key)
    {
        uint type = cursor.UInt32();
        return type <= (uint)GgufValueType.Float64 ? (GgufValueType)type : throw ModelFileError.Refused(_file.Path,
            $"{Name(key)}: expected a type from 0 to {(uint)GgufValueType.Float64}, found {type}");
    }

    private long ReadInteger(GgufReader cursor, GgufValueType type, string key)
    {
        ulong unsigned = type == GgufValueType.UInt64 ? cursor.UInt64() : 0;
        return unsigned > long.MaxValue
            ? throw ModelFileError.TooLarge(_file.Path, $"{Name(key)}: found {unsigned}")
            : type switch
            {
                GgufValueType.UInt8 => cursor.Byte(),
                GgufValueType.Int8 => (sbyte)cursor.Byte(),
                GgufValueType.UInt16 => cursor.UInt16(),
                GgufValueType.Int16 => (short)cursor.UInt16(),
                GgufValueType.UInt32 => cursor.UInt32(),
                GgufValueType.Int32 => (int)cursor.UInt32(),
                GgufValueType.UInt64 => (long)unsigned,
                _ => (long)cursor.UInt64(),
            };
    }

    private double ReadNumber(GgufReader cursor, GgufValueType type, string key) => type switch
    {
        GgufValueType.Float32 => BitConverter.UInt32BitsToSingle(cursor.UInt32()),
        GgufValueType.Float64 => BitConverter.UInt64BitsToDouble(cursor.UInt64()),
        _ => ReadInteger(cursor, type, key),
    };

    private T[]? List<T>(string key, string expected, GgufValueType[] types, Func<GgufReader, GgufValueType, T> read)
    {
        if (Find(key, true, expected, types) is not { } value)
        {
            return null;
        }

        GgufReader cursor = At(value);
        T[] list = new T[value.Count];
        for (int i = 0; i < list.Length; i++)
        {
            list[i] = read(cursor, value.Type);
        }

        return list;
    }

    private GgufReader At(GgufValue value) => new(_file, value.Offset);

    private GgufValue? Find(string key, bool isList, string expected, params GgufValueType[] types) =>
        !_values.TryGetValue(key, out GgufValue value) ? null
        : value.IsList == isList && types.Contains(value.Type) ? value
        : throw ModelFileError.Refused(_file.Path, $"{Name(key)}: expected {expected}, found {value}");
}
