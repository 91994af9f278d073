using LinkCodec.State;
using LinkCodec.Tests.Coding;

namespace LinkCodec.Tests.State;

/// <summary>
/// A folder in memory that can lose its power: what was not synced is then lost, in part or whole, and a write may be
/// torn. Every operation on it is counted, and after a set number of them it fails.
/// </summary>
internal sealed class PowerCutFiles : IStateFiles
{
    private readonly Dictionary<string, Data> _names = [];
    private readonly Dictionary<string, Data> _durable = [];

    /// <summary>Operations so far.</summary>
    public int Operations { get; private set; }

    /// <summary>The operation before which the power fails; none if not given.</summary>
    public int FailsAt { get; init; } = int.MaxValue;

    /// <summary>Bytes that fit on the disk.</summary>
    public long Room { get; set; } = long.MaxValue;

    /// <summary>Bytes that were written.</summary>
    public long Written { get; private set; }

    /// <summary>Syncs so far.</summary>
    public int Syncs { get; private set; }

    public IReadOnlyList<string> Names() => [.. _names.Keys];

    public IStateFile Create(string name)
    {
        Count();
        _names[name] = new Data();
        return new File(this, _names[name]);
    }

    public IStateFile Open(string name) => new File(this, _names[name]);

    public void Delete(string name)
    {
        Count();
        _names.Remove(name);
    }

    public void SyncNames()
    {
        Count();
        _durable.Clear();
        foreach ((string name, Data data) in _names)
        {
            _durable[name] = data;
        }
    }

    public void Dispose()
    {
    }

    /// <summary>The content of a file, as it would be read.</summary>
    public byte[] Read(string name) => [.. _names[name].Present];

    /// <summary>Changes a file behind everybody's back.</summary>
    public void Change(string name, Action<List<byte>> change) => change(_names[name].Present);

    /// <summary>The folder as a process finds it that follows one that was killed: nothing is lost.</summary>
    public PowerCutFiles AfterKill() => Copy(_names, data => [.. data.Present]);

    /// <summary>The folder as it is found when the power comes back.</summary>
    public PowerCutFiles AfterPowerCut(TestRandom random)
    {
        Dictionary<string, Data> names = new(_durable);
        foreach (string name in _names.Keys.Union(_durable.Keys).Order(StringComparer.Ordinal))
        {
            if (random.Next(2) == 0 && _names.TryGetValue(name, out Data? present))
            {
                names[name] = present; // Names are made durable in any order.
            }
            else if (random.Next(2) == 0 && !_names.ContainsKey(name))
            {
                names.Remove(name);
            }
        }

        return Copy(names, data => data.AfterPowerCut(random));
    }

    private static PowerCutFiles Copy(Dictionary<string, Data> names, Func<Data, List<byte>> read)
    {
        PowerCutFiles copy = new();
        foreach ((string name, Data data) in names)
        {
            List<byte> content = read(data);
            copy._names[name] = copy._durable[name] = new Data { Present = content, Durable = [.. content] };
        }

        return copy;
    }

    private void Count()
    {
        if (Operations++ >= FailsAt)
        {
            throw new IOException("The power failed.");
        }
    }

    private sealed class Data
    {
        public List<byte> Present { get; init; } = [];

        public List<byte> Durable { get; set; } = [];

        // Blocks of 16 bytes reach the disk in any order; the length is that of any moment between.
        public List<byte> AfterPowerCut(TestRandom random)
        {
            int length = Math.Min(Durable.Count, Present.Count)
                + random.Next(Math.Abs(Present.Count - Durable.Count) + 1);
            List<byte> found = [];
            for (int block = 0; block < length; block += 16)
            {
                bool isNew = random.Next(2) == 0;
                for (int at = block; at < Math.Min(block + 16, length); at++)
                {
                    List<byte> from = isNew ? Present : Durable;
                    found.Add(at < from.Count ? from[at] : (byte)0);
                }
            }

            return found;
        }
    }

    private sealed class File(PowerCutFiles disk, Data data) : IStateFile
    {
        public long Length => data.Present.Count;

        public int Read(Span<byte> buffer, long at)
        {
            int count = (int)Math.Clamp(data.Present.Count - at, 0, buffer.Length);
            System.Runtime.InteropServices.CollectionsMarshal.AsSpan(data.Present).Slice((int)at, count).CopyTo(buffer);
            return count;
        }

        public void Write(ReadOnlySpan<byte> bytes, long at)
        {
            disk.Count();
            int fits = (int)Math.Min(bytes.Length, disk.Room);
            data.Present.RemoveRange((int)at, data.Present.Count - (int)at); // Logs write at their end.
            data.Present.AddRange(bytes[..fits]);
            disk.Room -= fits;
            disk.Written += bytes.Length;
            if (fits < bytes.Length)
            {
                throw new IOException("No space left on device");
            }
        }

        public void Truncate(long length)
        {
            disk.Count();
            data.Present.RemoveRange((int)length, data.Present.Count - (int)length);
        }

        public void Sync()
        {
            disk.Count();
            disk.Syncs++;
            data.Durable = [.. data.Present];
        }

        public void Dispose()
        {
        }
    }
}
