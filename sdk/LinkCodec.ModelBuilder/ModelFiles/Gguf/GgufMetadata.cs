using LinkCodec.Core.Primitives;

namespace LinkCodec.ModelBuilder.ModelFiles.Gguf;

/// <summary>What a GGUF file says about its model, by key. Values stay in the file until they are asked for: no use after the file is closed.</summary>
/// <remarks>Each getter gives null for a key that is absent, and throws a <see cref="LinkException"/> for a value of another type.</remarks>
internal sealed class GgufMetadata
{
    private const int MostKeys = 1 << 16;
    private const int MostKeyLength = (1 << 16) - 1;
    private const int MostElements = 1 << 22;
    private const int MostTextLength = 1 << 24;
    private const int LeastEntryLength = 13;

    private readonly MappedFile _file;
    private readonly SortedDictionary<string, GgufValue> _values = new(StringComparer.Ordinal);

    /// <summary>Reads so many entries and moves the cursor past them.</summary>
    internal GgufMetadata(MappedFile file, GgufCursor cursor, int count)
    {
        _file = file;
        for (int i = 0; i < count; i++)
        {
            string key = cursor.Text("a metadata key", MostKeyLength);
            if (!_values.TryAdd(key, ReadValue(cursor, key)))
            {
                throw FileFault.Refused(file.Path, $"two metadata values are called '{FileFault.Shown(key)}'");
            }
        }
    }

    /// <summary>All keys, in order.</summary>
    internal IReadOnlyCollection<string> Keys => _values.Keys;

    /// <summary>Reads the count of entries.</summary>
    internal static int ReadCount(GgufCursor cursor) => cursor.Count("metadata values", MostKeys, LeastEntryLength);

    /// <summary>Whether there is such a value.</summary>
    internal bool Has(string key) => _values.ContainsKey(key);

    /// <summary>A text.</summary>
    internal string? Text(string key) => Find(key, false, "a text", GgufType.Text) is { } value ? At(value).Text(Name(key), MostTextLength) : null;

    /// <summary>A truth value.</summary>
    internal bool? Flag(string key) => Find(key, false, "a truth value", GgufType.Flag) is { } value ? At(value).Byte() != 0 : null;

    /// <summary>A whole number of any size and sign.</summary>
    internal long? Integer(string key) => Find(key, false, "a whole number", IntegerTypes) is { } value ? ReadInteger(At(value), value.Type, key) : null;

    /// <summary>A number of any kind, rounded to double precision.</summary>
    internal double? Number(string key) => Find(key, false, "a number", NumberTypes) is { } value ? ReadNumber(At(value), value.Type, key) : null;

    /// <summary>A list of texts, such as the tokens.</summary>
    internal string[]? Texts(string key) => List(key, "a list of texts", [GgufType.Text], (cursor, _) => cursor.Text(Name(key), MostTextLength));

    /// <summary>A list of whole numbers.</summary>
    internal long[]? Integers(string key) => List(key, "a list of whole numbers", IntegerTypes, (cursor, type) => ReadInteger(cursor, type, key));

    /// <summary>A list of numbers, such as the tokens' scores.</summary>
    internal double[]? Numbers(string key) => List(key, "a list of numbers", NumberTypes, (cursor, type) => ReadNumber(cursor, type, key));

    private static GgufType[] IntegerTypes { get; } =
        [GgufType.UInt8, GgufType.Int8, GgufType.UInt16, GgufType.Int16, GgufType.UInt32, GgufType.Int32, GgufType.UInt64, GgufType.Int64];

    private static GgufType[] NumberTypes { get; } = [.. IntegerTypes, GgufType.Float32, GgufType.Float64];

    private static string Name(string key) => $"metadata '{FileFault.Shown(key)}'";

    // 0: of no fixed length.
    private static int LengthOf(GgufType type) => type switch
    {
        GgufType.UInt8 or GgufType.Int8 or GgufType.Flag => 1,
        GgufType.UInt16 or GgufType.Int16 => 2,
        GgufType.UInt32 or GgufType.Int32 or GgufType.Float32 => 4,
        GgufType.UInt64 or GgufType.Int64 or GgufType.Float64 => 8,
        _ => 0,
    };

    private GgufValue ReadValue(GgufCursor cursor, string key)
    {
        GgufType type = ReadType(cursor, key);
        bool isList = type == GgufType.List;
        int count = 1;
        if (isList)
        {
            type = ReadType(cursor, key);
            if (type == GgufType.List)
            {
                throw FileFault.Refused(_file.Path, $"{Name(key)}: lists of lists are not supported");
            }

            count = cursor.Count(Name(key), MostElements, type == GgufType.Text ? 8 : LengthOf(type));
        }

        GgufValue value = new(type, isList, count, cursor.Position);
        if (type != GgufType.Text)
        {
            cursor.Skip((long)count * LengthOf(type));
            return value;
        }

        for (int i = 0; i < count; i++)
        {
            cursor.SkipText();
        }

        // No list takes more memory than this when it is read.
        return cursor.Position - value.Offset <= 8L * MostTextLength ? value : throw FileFault.TooLarge(_file.Path, $"{Name(key)}: expected at most {8L * MostTextLength} bytes, found {cursor.Position - value.Offset}");
    }

    private GgufType ReadType(GgufCursor cursor, string key)
    {
        uint type = cursor.UInt32();
        return type <= (uint)GgufType.Float64 ? (GgufType)type : throw FileFault.Refused(_file.Path, $"{Name(key)}: expected a type from 0 to {(uint)GgufType.Float64}, found {type}");
    }

    private long ReadInteger(GgufCursor cursor, GgufType type, string key)
    {
        ulong unsigned = type == GgufType.UInt64 ? cursor.UInt64() : 0;
        return unsigned > long.MaxValue
            ? throw FileFault.TooLarge(_file.Path, $"{Name(key)}: found {unsigned}")
            : type switch
            {
                GgufType.UInt8 => cursor.Byte(),
                GgufType.Int8 => (sbyte)cursor.Byte(),
                GgufType.UInt16 => cursor.UInt16(),
                GgufType.Int16 => (short)cursor.UInt16(),
                GgufType.UInt32 => cursor.UInt32(),
                GgufType.Int32 => (int)cursor.UInt32(),
                GgufType.UInt64 => (long)unsigned,
                _ => (long)cursor.UInt64(),
            };
    }

    private double ReadNumber(GgufCursor cursor, GgufType type, string key) => type switch
    {
        GgufType.Float32 => BitConverter.UInt32BitsToSingle(cursor.UInt32()),
        GgufType.Float64 => BitConverter.UInt64BitsToDouble(cursor.UInt64()),
        _ => ReadInteger(cursor, type, key),
    };

    private T[]? List<T>(string key, string expected, GgufType[] types, Func<GgufCursor, GgufType, T> read)
    {
        if (Find(key, true, expected, types) is not { } value)
        {
            return null;
        }

        GgufCursor cursor = At(value);
        T[] list = new T[value.Count];
        for (int i = 0; i < list.Length; i++)
        {
            list[i] = read(cursor, value.Type);
        }

        return list;
    }

    private GgufCursor At(GgufValue value) => new(_file, value.Offset);

    private GgufValue? Find(string key, bool isList, string expected, params GgufType[] types) =>
        !_values.TryGetValue(key, out GgufValue value) ? null
        : value.IsList == isList && types.Contains(value.Type) ? value
        : throw FileFault.Refused(_file.Path, $"{Name(key)}: expected {expected}, found {value}");
}
