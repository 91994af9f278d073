using System.Security.Cryptography;

namespace LinkCodec.Core.Security;

/// <summary>
/// Secret bytes in a pinned array, so that the collector leaves no copies behind; zeroed by <see cref="Dispose"/>.
/// </summary>
internal sealed class SecretBuffer(int length) : IDisposable
{
    private readonly byte[] _bytes = GC.AllocateArray<byte>(length, pinned: true);

    /// <summary>The secret bytes; all zero after <see cref="Dispose"/>.</summary>
    internal Span<byte> Span => _bytes;

    public void Dispose() => CryptographicOperations.ZeroMemory(_bytes);
}
