namespace LinkCodec.Transport.Files;

/// <summary>
/// The kinds of files, in the numbers of Unix; the kinds that are not named here are pipes, devices and sockets.
/// </summary>
internal enum FileKind
{
    Folder = 0x4000,
    Regular = 0x8000,
}
