using System.Reflection;
using System.Runtime.InteropServices;

namespace NSec.Cryptography;

/// <summary>The functions of libsodium that the stand-in calls. Every length is checked by the caller.</summary>
internal static unsafe partial class Libsodium
{
    private const string Library = "libsodium";

    // Debian ships the versioned name only; the plain one comes with the development package.
    private static readonly string[] Names = ["libsodium.so.23", "libsodium.so.26", "libsodium.so", "libsodium.dylib", "libsodium"];

    static Libsodium()
    {
        NativeLibrary.SetDllImportResolver(typeof(Libsodium).Assembly, Resolve);
        if (sodium_init() < 0)
        {
            throw new InvalidOperationException("libsodium could not be initialised.");
        }
    }

    /// <summary>Makes sure that the library is loaded and initialised; runs the static constructor once.</summary>
    internal static void EnsureInitialized()
    {
    }

    private static IntPtr Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != Library)
        {
            return IntPtr.Zero;
        }

        foreach (string candidate in Names)
        {
            if (NativeLibrary.TryLoad(candidate, assembly, path, out IntPtr handle))
            {
                return handle;
            }
        }

        throw new DllNotFoundException("libsodium was not found. On Debian or Ubuntu: apt-get install libsodium23.");
    }

    [LibraryImport(Library)]
    internal static partial int sodium_init();

    [LibraryImport(Library)]
    internal static partial void sodium_memzero(void* memory, nuint length);

    [LibraryImport(Library)]
    internal static partial int crypto_scalarmult_curve25519(byte* q, byte* n, byte* p);

    [LibraryImport(Library)]
    internal static partial int crypto_scalarmult_curve25519_base(byte* q, byte* n);

    [LibraryImport(Library)]
    internal static partial int crypto_aead_chacha20poly1305_ietf_encrypt(
        byte* c, ulong* clen, byte* m, ulong mlen, byte* ad, ulong adlen, byte* nsec, byte* npub, byte* k);

    [LibraryImport(Library)]
    internal static partial int crypto_aead_chacha20poly1305_ietf_decrypt(
        byte* m, ulong* mlen, byte* nsec, byte* c, ulong clen, byte* ad, ulong adlen, byte* npub, byte* k);

    [LibraryImport(Library)]
    internal static partial int crypto_sign_ed25519_seed_keypair(byte* pk, byte* sk, byte* seed);

    [LibraryImport(Library)]
    internal static partial int crypto_sign_ed25519_detached(byte* sig, ulong* siglen, byte* m, ulong mlen, byte* sk);

    [LibraryImport(Library)]
    internal static partial int crypto_sign_ed25519_verify_detached(byte* sig, byte* m, ulong mlen, byte* pk);

    [LibraryImport(Library)]
    internal static partial int crypto_generichash_blake2b(byte* output, nuint outlen, byte* input, ulong inlen, byte* key, nuint keylen);

    [LibraryImport(Library)]
    internal static partial int crypto_generichash_blake2b_init(void* state, byte* key, nuint keylen, nuint outlen);

    [LibraryImport(Library)]
    internal static partial int crypto_generichash_blake2b_update(void* state, byte* input, ulong inlen);

    [LibraryImport(Library)]
    internal static partial int crypto_generichash_blake2b_final(void* state, byte* output, nuint outlen);

    [LibraryImport(Library)]
    internal static partial int crypto_hash_sha256(byte* output, byte* input, ulong inlen);

    [LibraryImport(Library)]
    internal static partial int crypto_hash_sha256_init(void* state);

    [LibraryImport(Library)]
    internal static partial int crypto_hash_sha256_update(void* state, byte* input, ulong inlen);

    [LibraryImport(Library)]
    internal static partial int crypto_hash_sha256_final(void* state, byte* output);
}
