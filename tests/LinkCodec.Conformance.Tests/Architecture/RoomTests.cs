using System.Text.RegularExpressions;
using Xunit;

namespace LinkCodec.Conformance.Tests.Architecture;

public sealed class RoomTests
{
    private const string Core = "LinkCodec.Core";
    private const string Bad = "LinkCodec.Conformance.Tests.BadRooms";

    [Fact]
    public void Core_has_no_forbidden_arrow() => Complaints.None(BadArrows(Assemblies.PathOf(Core), Core));

    [Fact]
    public void Every_type_of_Core_is_in_a_room() => Complaints.None(TypeUseReader.Read(Assemblies.PathOf(Core))
        .Select(use => use.From).Distinct()
        .Where(type => type.StartsWith("LinkCodec.", StringComparison.Ordinal)
            && !RoomTable.Rooms.Contains(TypeUse.RoomOf(type, Core))));

    [Theory]
    [InlineData("sdk/LinkCodec.Core")]
    [InlineData("sdk/LinkCodec.ModelBuilder")]
    [InlineData("sdk/LinkCodec.Models/Language")]
    [InlineData("sdk")]
    [InlineData("tools")]
    public void Every_room_says_what_it_is(string above) => Complaints.None(
        from folder in Directory.EnumerateDirectories(Repository.PathOf(above))
        let name = Path.GetFileName(folder)
        where name is not ("bin" or "obj") && !File.Exists(Path.Combine(folder, "README.md"))
        select $"{above}/{name} has no README.md");

    [Fact]
    public void A_forbidden_arrow_is_named_in_a_sentence() =>
        Assert.Equal("Framing -> Security is not an allowed arrow", RoomTable.Complaint("Framing", "Security"));

    [Theory]
    [InlineData("Coding", "Primitives")]
    [InlineData("Session", "Primitives")]
    [InlineData("Compression", "Framing")]
    [InlineData("Snapshots", "NSec")]
    public void An_allowed_arrow_is_let_through(string from, string to) => Assert.Null(RoomTable.Complaint(from, to));

    [Theory]
    [InlineData("Primitives", "Framing")]
    [InlineData("Coding", "Framing")]
    [InlineData("Prediction", "Snapshots")]
    [InlineData("Compression", "Security")]
    [InlineData("Framing", "MessagePack")]
    public void Any_other_arrow_is_forbidden(string from, string to) => Assert.NotNull(RoomTable.Complaint(from, to));

    [Fact]
    public void Every_way_to_use_a_type_is_found()
    {
        string[] found = [.. BadArrows(typeof(RoomTests).Assembly.Location, Bad).Order(StringComparer.Ordinal)];
        string[] offenders = [.. typeof(RoomTests).Assembly.GetTypes()
            .Where(type => type.Namespace == Bad + ".Framing" && !type.IsNested && type.Name != "Innocent")
            .Select(type => type.FullName!)];
        Assert.True(offenders.Length > 10);
        Assert.Equal(offenders.Order(StringComparer.Ordinal)
            .Select(name => $"Framing -> Security is not an allowed arrow ({name})"),
            found.Select(line => Regex.Replace(line, @" uses .*\)$", ")")).Distinct());
    }

    private static IEnumerable<string> BadArrows(string assembly, string prefix) =>
        from use in TypeUseReader.Read(assembly)
        let source = TypeUse.RoomOf(use.From, prefix)
        let target = TypeUse.RoomOf(use.To, prefix)
        where use.From.StartsWith(prefix + ".", StringComparison.Ordinal) && target.Length > 0
        let complaint = RoomTable.Complaint(source, target)
        where complaint is not null
        orderby use.From, use.To
        select $"{complaint} ({use.From} uses {use.To})";
}
