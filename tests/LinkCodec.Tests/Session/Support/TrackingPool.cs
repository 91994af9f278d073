using System.Buffers;

namespace LinkCodec.Tests.Session.Support;

/// <summary>A pool that knows what is out, and fails when an array comes back twice, from elsewhere, or not erased.</summary>
internal sealed class TrackingPool : ArrayPool<byte>
{
    private readonly HashSet<byte[]> _rented = new(ReferenceEqualityComparer.Instance);

    public int Outstanding => _rented.Count;

    public long OutstandingBytes { get; private set; }

    public long PeakBytes { get; private set; }

    public override byte[] Rent(int minimumLength)
    {
        byte[] array = Shared.Rent(minimumLength);
        _rented.Add(array);
        OutstandingBytes += array.Length;
        PeakBytes = Math.Max(PeakBytes, OutstandingBytes);
        return array;
    }

    public override void Return(byte[] array, bool clearArray = false)
    {
        if (!_rented.Remove(array))
        {
            throw new InvalidOperationException("The array was not rented here, or was returned before.");
        }

        if (!clearArray)
        {
            throw new InvalidOperationException("What a session holds is plaintext: it goes back erased.");
        }

        OutstandingBytes -= array.Length;
        Shared.Return(array, clearArray);
    }
}
