namespace LinkCodec.Transport.Files;

/// <summary>Which file it is, whatever its names are.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Inode">Its number on the device.</param>
/// <param name="Device">The device.</param>
internal readonly record struct FileIdentity(FileKind Kind, ulong Inode, ulong Device);
