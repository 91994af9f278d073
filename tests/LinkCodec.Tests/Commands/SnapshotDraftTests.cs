using LinkCodec.ModelBuilder.Import;
using LinkCodec.Tool.Training;
using Xunit;

namespace LinkCodec.Tests.Commands;

/// <summary>What a killed import leaves: nothing large, and nothing that the next one does not remove.</summary>
public sealed class SnapshotDraftTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("linkcodec").FullName;

    private string Target => Path.Combine(_folder, "mine");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_large_file_of_an_import_has_no_name_that_could_stay_behind()
    {
        using TemporaryFile file = TemporaryFile.Create(_folder);
        file.Stream.Write("weights"u8);
        file.Stream.Flush();
        using FileStream again = new(file.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        Assert.Equal(7, again.Length);
        Assert.Equal(OperatingSystem.IsLinux() ? 0 : 1, Directory.GetFileSystemEntries(_folder).Length);
    }

    [Fact]
    public void A_draft_without_a_commit_leaves_the_old_snapshot_and_removes_what_a_killed_one_left()
    {
        Directory.CreateDirectory(Target);
        File.WriteAllText(Path.Combine(Target, "manifest.msgpack"), "old");
        string stale = Path.Combine(_folder, ".mine.linkcodec-new", "language.bin.new");
        Directory.CreateDirectory(Path.GetDirectoryName(stale)!);
        File.WriteAllText(stale, "killed");
        using (SnapshotDraft draft = SnapshotDraft.Begin(Target))
        {
            Assert.False(File.Exists(stale));
            File.WriteAllText(Path.Combine(draft.Folder, "manifest.msgpack"), "new");
            Assert.Throws<IOException>(() => SnapshotDraft.Begin(Target));
        }

        Assert.Equal("old", File.ReadAllText(Path.Combine(Target, "manifest.msgpack")));
        Assert.Single(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void A_committed_draft_replaces_an_older_models_files_and_no_others()
    {
        Directory.CreateDirectory(Target);
        foreach (string name in new[] { "manifest.msgpack", "context-mixing.bin", "dictionary.bin", "notes.txt" })
        {
            File.WriteAllText(Path.Combine(Target, name), "old");
        }

        using (SnapshotDraft draft = SnapshotDraft.Begin(Target))
        {
            draft.Put([1], [], [], default);
            draft.Commit(SnapshotDraft.TrainedNames);
        }

        Assert.Equal(["context-mixing.bin", "notes.txt"], Directory.GetFiles(Target).Select(Path.GetFileName)
            .Order(StringComparer.Ordinal));
        Assert.Equal([1], File.ReadAllBytes(Path.Combine(Target, "context-mixing.bin")));
    }
}
