namespace LinkCodec.Core.Snapshots;

/// <summary>The limits of a manifest's content. Spec: protocol-spec/06-snapshots.md, section 1.</summary>
internal static class SnapshotLimits
{
    /// <summary>Bytes of a manifest.</summary>
    public const int ManifestBytes = 32_768;

    /// <summary>UTF-8 bytes of a label.</summary>
    public const int LabelBytes = 64;

    /// <summary>ASCII characters of a file's path.</summary>
    public const int PathBytes = 128;

    /// <summary>Files of a snapshot.</summary>
    public const int Files = 64;

    /// <summary>Bytes of all files together.</summary>
    public const long TotalFileBytes = 1L << 32;

    /// <summary>Bytes of the probe.</summary>
    public const int ProbeBytes = 4_096;

    /// <summary>Networks of a snapshot of the family "mixed".</summary>
    public const int Networks = 8;

    /// <summary>Tokens of a network's vocabulary.</summary>
    public const int Vocabulary = 1 << 18;

    /// <summary>Positions of a network over tokens.</summary>
    public const int Window = 1 << 16;

    /// <summary>State tensors of a stream.</summary>
    public const int StateTensors = 64;

    /// <summary>Numbers in each state tensor of a stream.</summary>
    public const int StateWidth = 1 << 20;

    /// <summary>Streams that are predicted together.</summary>
    public const int Batch = 256;
}
