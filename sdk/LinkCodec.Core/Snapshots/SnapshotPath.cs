namespace LinkCodec.Core.Snapshots;

/// <summary>
/// The paths that a manifest may name: those that mean the same file on every system and none outside the folder.
/// </summary>
internal static class SnapshotPath
{
    // spec 6.1-5
    public static bool IsAllowed(ReadOnlySpan<char> path)
    {
        if (path.Length is 0 or > SnapshotLimits.PathBytes)
        {
            return false;
        }

        foreach (Range part in path.Split('/'))
        {
            ReadOnlySpan<char> name = path[part];
            if (name.IsEmpty || name is "." or "..")
            {
                return false;
            }

            foreach (char c in name)
            {
                if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-'))
                {
                    return false;
                }
            }
        }

        return true;
    }
}
