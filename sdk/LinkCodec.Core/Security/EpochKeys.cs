namespace LinkCodec.Core.Security;

/// <summary>
/// The keys of a run of epochs, each made from the one before by REKEY. Erased when dropped or disposed. Not
/// thread-safe.
/// </summary>
internal sealed class EpochKeys : IDisposable
{
    private readonly List<CipherState> _ciphers = [];
    private ulong _first;

    /// <summary>
    /// Starts with the key of epoch <paramref name="cipherEpoch"/> and takes ownership; walks to
    /// <paramref name="epoch"/>, one REKEY for each step.
    /// </summary>
    internal EpochKeys(CipherState cipher, ulong cipherEpoch, ulong epoch)
    {
        _ciphers.Add(cipher);
        _first = cipherEpoch;
        for (ulong e = cipherEpoch; e < epoch; e++)
        {
            Get(e + 1);
            DropBefore(e + 1);
        }
    }

    /// <summary>The key of an epoch that was not dropped; makes those up to it.</summary>
    internal CipherState Get(ulong epoch)
    {
        while (epoch >= _first + (ulong)_ciphers.Count)
        {
            _ciphers.Add(_ciphers[^1].Rekeyed());
        }

        return _ciphers[(int)(epoch - _first)];
    }

    /// <summary>Erases the keys of the epochs before <paramref name="epoch"/>, which must have been made.</summary>
    internal void DropBefore(ulong epoch)
    {
        while (_first < epoch)
        {
            _ciphers[0].Dispose();
            _ciphers.RemoveAt(0);
            _first++;
        }
    }

    public void Dispose()
    {
        foreach (CipherState cipher in _ciphers)
        {
            cipher.Dispose();
        }
    }
}
