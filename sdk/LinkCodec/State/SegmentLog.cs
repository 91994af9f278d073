using System.Globalization;

namespace LinkCodec.State;

/// <summary>
/// An append-only log of records, in files that are numbered on. A file is begun with records that say all that those
/// before it add up to, so that the older ones can be removed whole. Not thread-safe.
/// </summary>
/// <remarks>
/// A file begins with 8 bytes that name the format and one with its version. Only the last file can have a torn end: a
/// file is durable before the next one is begun.
/// </remarks>
internal sealed class SegmentLog : IDisposable
{
    /// <summary>The type of the record that ends a file's first ones; all others are the caller's.</summary>
    public const byte Begun = 0;

    private const byte Version = 1;
    private const int LongestTorn = 4096; // Bytes that the first file of a log is begun with at most.
    private const string Suffix = ".log";

    private readonly IStateFiles _files;
    private readonly string _prefix;
    private readonly SortedDictionary<int, IStateFile> _segments = [];

    private SegmentLog(IStateFiles files, string prefix) => (_files, _prefix) = (files, prefix);

    /// <summary>Where a file's first record begins.</summary>
    public static int FirstRecord => Magic.Length + 1;

    /// <summary>The numbers of the files, ascending.</summary>
    public IReadOnlyList<int> Segments => [.. _segments.Keys];

    /// <summary>Where the next record of the last file will begin.</summary>
    public long End { get; private set; }

    private static ReadOnlySpan<byte> Magic => "LinkLog\n"u8;

    private IStateFile Last => _segments.Last().Value;

    /// <summary>Opens the log; empty where there is none.</summary>
    /// <param name="files">The folder.</param>
    /// <param name="prefix">What its files' names begin with.</param>
    /// <exception cref="LinkStateException">Another version made it, or a file in its middle is no such
    /// file.</exception>
    public static SegmentLog Open(IStateFiles files, string prefix)
    {
        SegmentLog log = new(files, prefix);
        try
        {
            log.OpenAll();
            return log;
        }
        catch
        {
            log.Dispose();
            throw;
        }
    }

    /// <summary>The records of a file.</summary>
    public RecordScan Scan(int segment) => new(_segments[segment], FirstRecord);

    /// <summary>Where the records of a file end.</summary>
    public long EndOf(int segment) => segment == _segments.Keys.Last() ? End : _segments[segment].Length;

    /// <summary>The last file ends here: what stands behind was torn.</summary>
    public void Cut(long end)
    {
        if (Last.Length > end)
        {
            Last.Truncate(end);
        }

        Last.Sync(); // What a killed process had written may be in no file yet.
        End = end;
    }

    /// <summary>Cuts the last file off after a write that failed, if the disk still lets it; where not, the next
    /// process finds what is whole of it.</summary>
    /// <param name="end">Where the file is to end; 0 where nothing was written.</param>
    public void TryCut(long end)
    {
        try
        {
            if (end > 0)
            {
                Cut(end);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            // The caller tells of the write that failed first.
        }
    }

    /// <summary>Begins another file, which is durable when this returns.</summary>
    /// <param name="records">The records that it begins with.</param>
    /// <returns>Its number.</returns>
    public int Begin(RecordBuffer records)
    {
        records.Add(Begun, []);
        int number = _segments.Count == 0 ? 1 : _segments.Keys.Last() + 1;
        IStateFile file = _files.Create(NameOf(number));
        byte[] start = [.. Magic, Version, .. records.Written];
        file.Write(start, 0);
        file.Sync();
        _files.SyncNames();
        _segments[number] = file;
        End = start.Length;
        return number;
    }

    /// <summary>Writes records; they are durable after <see cref="Sync"/>.</summary>
    public void Append(ReadOnlySpan<byte> records)
    {
        Last.Write(records, End);
        End += records.Length;
    }

    /// <summary>Makes durable what was appended.</summary>
    public void Sync() => Last.Sync();

    /// <summary>Removes a file.</summary>
    public void Remove(int segment)
    {
        _segments.Remove(segment, out IStateFile? file);
        file!.Dispose();
        _files.Delete(NameOf(segment));
    }

    public void Dispose()
    {
        foreach (IStateFile file in _segments.Values)
        {
            file.Dispose();
        }

        _segments.Clear();
    }

    private void OpenAll()
    {
        foreach (string name in _files.Names())
        {
            if (name.StartsWith(_prefix, StringComparison.Ordinal) && name.EndsWith(Suffix, StringComparison.Ordinal)
                && int.TryParse(name.AsSpan(_prefix.Length, name.Length - _prefix.Length - Suffix.Length),
                    NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            {
                _segments[number] = _files.Open(name);
            }
        }

        foreach ((int number, IStateFile file) in _segments.ToList())
        {
            if (!IsBegun(file))
            {
                // A file that was just begun when the power failed: nothing depends on it yet.
                bool isTorn = number == _segments.Keys.Last() && (_segments.Count > 1 || file.Length <= LongestTorn);
                if (!isTorn)
                {
                    throw new LinkStateException($"The state is damaged: '{NameOf(number)}' is no log.");
                }

                Remove(number);
            }
        }

        End = _segments.Count > 0 ? Last.Length : 0;
    }

    private static bool IsBegun(IStateFile file)
    {
        byte[] start = new byte[FirstRecord];
        if (file.Read(start, 0) < start.Length || !start.AsSpan(..^1).SequenceEqual(Magic))
        {
            return false;
        }

        if (start[^1] != Version)
        {
            throw new LinkStateException(string.Create(CultureInfo.InvariantCulture,
                $"The state was made by another version of this software: format {start[^1]}, not {Version}."));
        }

        RecordScan scan = new(file, FirstRecord);
        long end = file.Length;
        while (scan.TryNext(end, out Record record))
        {
            if (record.Type == Begun)
            {
                return true;
            }
        }

        return false;
    }

    private string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"{_prefix}{number:D8}{Suffix}");
}
