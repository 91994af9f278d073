using LinkCodec.Core.Primitives;
using LinkCodec.Core.Snapshots;

namespace LinkCodec.Models;

/// <summary>
/// The content of a folder of a <see cref="SnapshotStore"/>: a manifest, or the reason why there is none.
/// </summary>
/// <param name="Location">The snapshot's folder.</param>
/// <param name="Files">The snapshot with its manifest read and its other files not yet looked at; null when
/// <paramref name="Fault"/> says why.</param>
/// <param name="Fault">The reason why the manifest cannot be read; null when it can.</param>
internal sealed record SnapshotEntry(string Location, SnapshotFiles? Files, LinkException? Fault);
