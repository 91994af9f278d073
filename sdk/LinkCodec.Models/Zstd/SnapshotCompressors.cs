using System.Runtime.CompilerServices;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Snapshots;

namespace LinkCodec.Models.Zstd;

/// <summary>
/// The block compressors of snapshots: with the dictionary that a snapshot carries, or without one. Thread-safe.
/// </summary>
internal static class SnapshotCompressors
{
    // The weak table lets the dictionary go with its snapshot, of which nobody here is the owner.
    private static readonly ConditionalWeakTable<Snapshot, ZstdCompressorFactory> Made = [];

    /// <summary>
    /// The factory of a snapshot's compressors, the same one each time. The first call takes some milliseconds.
    /// </summary>
    /// <param name="snapshot">A loaded snapshot, or the codec without one. What is made of it may outlive it.</param>
    /// <exception cref="LinkException">SnapshotNotFound: the snapshot's dictionary is none that zstd can read. This
    /// project's tools seal no such snapshot.</exception>
    public static BlockCompressorFactory Of(Snapshot snapshot) => Made.GetValue(snapshot,
        made => new ZstdCompressorFactory(made.ZstdDictionary.Span,
            $"{made.Manifest?.Label}/{ZstdDictionaryFile.Path}"));
}
