namespace LinkCodec.Transport.Files;

/// <summary>The identity of a file, whatever its names are.</summary>
/// <param name="Kind">The kind of file.</param>
/// <param name="Inode">The file's number on the device.</param>
/// <param name="Device">The device.</param>
internal readonly record struct FileIdentity(FileKind Kind, ulong Inode, ulong Device);
