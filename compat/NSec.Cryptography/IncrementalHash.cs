using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace NSec.Cryptography;

/// <summary>The state of a hash over data that comes in pieces; a value, copied by assignment.</summary>
public readonly struct IncrementalHash
{
#pragma warning disable CS0649 // Assigned through references: the official struct is readonly too.
    private readonly IncrementalHashState _state;
    private readonly HashAlgorithm? _algorithm;
#pragma warning restore CS0649

    /// <summary>The algorithm, or null before <see cref="Initialize"/> and after <see cref="Finalize(ref IncrementalHash)"/>.</summary>
    public HashAlgorithm? Algorithm => _algorithm;

    /// <summary>Begins a hash.</summary>
    public static void Initialize(HashAlgorithm algorithm, out IncrementalHash state)
    {
        ArgumentNullException.ThrowIfNull(algorithm);
        state = default;
        algorithm.InitializeCore(ref Unsafe.AsRef(in state._state));
        Unsafe.AsRef(in state._algorithm) = algorithm;
    }

    /// <summary>Adds data.</summary>
    public static void Update(ref IncrementalHash state, ReadOnlySpan<byte> data) =>
        Checked(in state).UpdateCore(ref Unsafe.AsRef(in state._state), data);

    /// <summary>Ends the hash and returns it.</summary>
    public static byte[] Finalize(ref IncrementalHash state)
    {
        byte[] hash = new byte[Checked(in state).HashSize];
        Finalize(ref state, hash);
        return hash;
    }

    /// <summary>Ends the hash and writes it.</summary>
    public static void Finalize(ref IncrementalHash state, Span<byte> hash)
    {
        HashAlgorithm algorithm = Checked(in state);
        algorithm.CheckLength(hash);
        algorithm.FinalizeCore(ref Unsafe.AsRef(in state._state), hash);
        Unsafe.AsRef(in state._state).Clear();
        Unsafe.AsRef(in state._algorithm) = null;
    }

    /// <summary>Ends the hash and compares it in constant time.</summary>
    public static bool FinalizeAndVerify(ref IncrementalHash state, ReadOnlySpan<byte> hash)
    {
        Span<byte> actual = stackalloc byte[Checked(in state).HashSize];
        Finalize(ref state, actual);
        return CryptographicOperations.FixedTimeEquals(actual, hash);
    }

    private static HashAlgorithm Checked(in IncrementalHash state) =>
        state._algorithm ?? throw new InvalidOperationException("The state has not been initialized or has been finalized.");
}
