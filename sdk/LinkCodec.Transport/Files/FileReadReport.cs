namespace LinkCodec.Transport.Files;

/// <summary>The report of what a reader has found in a file so far.</summary>
/// <param name="Datagrams">Datagrams handed out. One that was altered inside its length is among them: its seal tells,
/// not the file.</param>
/// <param name="BytesRead">Bytes of the file that were judged, header included.</param>
/// <param name="SkippedBytes">Bytes that belong to no datagram handed out: damage, or the rest of a record that was cut
/// off.</param>
/// <param name="DamagedPlaces">The number of separate runs of skipped bytes.</param>
/// <param name="FirstDamageAt">Offset in the file of the first skipped byte; -1 when nothing was skipped.</param>
public readonly record struct FileReadReport(
    long Datagrams, long BytesRead, long SkippedBytes, long DamagedPlaces, long FirstDamageAt)
{
    /// <summary>Whether every byte was accounted for.</summary>
    public bool IsWhole => SkippedBytes == 0;
}
