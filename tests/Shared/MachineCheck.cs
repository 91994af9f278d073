using System.Net.Sockets;

namespace LinkCodec.Tests.Shared;

/// <summary>Tells what this machine lacks.</summary>
internal static class MachineCheck
{
    /// <summary>The reason why a test with this need is skipped here; null where it can run.</summary>
    public static string? FindReason(Machine need) => need switch
    {
        Machine.Unix when OperatingSystem.IsWindows() => "This is Windows, which has no Unix modes, links and signals.",
        Machine.Linux when !OperatingSystem.IsLinux() => "This is not Linux: its file names are not of any bytes.",
        Machine.FullDisk when !File.Exists("/dev/full") => "There is no /dev/full here, the disk that is always full.",
        Machine.RawSockets when !CanOpenRaw() => "Raw sockets are for administrators alone here.",
        _ => null,
    };

    private static bool CanOpenRaw()
    {
        try
        {
            using Socket raw = new(AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Udp);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
