namespace LinkCodec.Tests.Shared;

/// <summary>What a test may need that not every machine has.</summary>
internal enum Machine
{
    /// <summary>Modes of files, links between them, and signals.</summary>
    Unix,

    /// <summary>File names of any bytes.</summary>
    Linux,

    /// <summary>A disk that is always full.</summary>
    FullDisk,

    /// <summary>Sockets whose headers the caller writes.</summary>
    RawSockets,
}
