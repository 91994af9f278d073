using System.Reflection;
using System.Runtime.Loader;

namespace LinkCodec.Tests.Mixed;

/// <summary>
/// A copy of the SDK's assemblies of its own, which remembers what was asked for: the test process itself has long
/// loaded everything.
/// </summary>
internal sealed class OwnAssemblies() : AssemblyLoadContext("own", isCollectible: true)
{
    private static readonly string Folder = Path.GetDirectoryName(typeof(OwnAssemblies).Assembly.Location)!;

    /// <summary>Names of assemblies beside the SDK that were asked for.</summary>
    public List<string> Asked { get; } = [];

    /// <summary>Native libraries that were asked for.</summary>
    public List<string> AskedNative { get; } = [];

    public Assembly Sdk(string name) => LoadFromAssemblyPath(Path.Combine(Folder, $"{name}.dll"));

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        string path = Path.Combine(Folder, $"{assemblyName.Name}.dll");
        if (!File.Exists(path))
        {
            return null; // the base library's
        }

        Asked.Add(assemblyName.Name!);
        return LoadFromAssemblyPath(path);
    }

    protected override nint LoadUnmanagedDll(string unmanagedDllName)
    {
        AskedNative.Add(unmanagedDllName);
        return 0; // as everybody finds it
    }
}
