using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace LinkCodec.Benchmarks.Dev;

/// <summary>
/// Results in a folder, a file each, under what they depend on: a run that was interrupted goes on where it was.
/// Thread-safe for different keys.
/// </summary>
internal sealed class ResultCache(string folder)
{
    /// <summary>The stored result; null when there is none.</summary>
    public T? Find<T>(string name, string key)
        where T : class
    {
        string path = PathOf(name, key, "json");
        return File.Exists(path) ? JsonSerializer.Deserialize<T>(File.ReadAllText(path)) : null;
    }

    /// <summary>Keeps a result.</summary>
    public void Store<T>(string name, string key, T result) =>
        Write(PathOf(name, key, "json"), JsonSerializer.SerializeToUtf8Bytes(result));

    /// <summary>Bytes that take long to make.</summary>
    public byte[] Bytes(string name, string key, Func<byte[]> make)
    {
        string path = PathOf(name, key, "bin");
        if (File.Exists(path))
        {
            return File.ReadAllBytes(path);
        }

        byte[] made = make();
        Write(path, made);
        return made;
    }

    // Whole or not at all, so that an interrupted run leaves no half of a result.
    private static void Write(string path, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string temporary = $"{path}.{Environment.ProcessId}";
        File.WriteAllBytes(temporary, content);
        File.Move(temporary, path, overwrite: true);
    }

    private string PathOf(string name, string key, string ending)
    {
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
        return Path.Combine(folder, $"{name.Replace('/', '-')}.{hash[..16]}.{ending}");
    }
}
