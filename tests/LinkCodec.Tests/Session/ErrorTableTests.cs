using System.Text.RegularExpressions;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using LinkCodec.Tests.Session.Support;
using Xunit;

namespace LinkCodec.Tests.Session;

public sealed class ErrorTableTests
{
    [Fact]
    public void The_table_of_the_spec_is_the_enumeration()
    {
        string text = Repository.Read("protocol-spec/09-errors.md");
        IEnumerable<string> table = Regex.Matches(text, @"^\| (\d+) \| (\w+) \|", RegexOptions.Multiline)
            .Select(m => $"{m.Groups[1]} {m.Groups[2]}");
        Assert.Equal(Enum.GetValues<LinkErrorCode>().Select(code => $"{(int)code} {code}"), table);
    }

    [Fact]
    [Spec("9.1-1")]
    public void A_close_without_an_error_is_a_mistake_of_the_caller()
    {
        using LiveSession session = new(new SessionOptions(), new PlainProtector(1, 2), Timestamp.Zero);
        Assert.Throws<ArgumentOutOfRangeException>(() => session.Close(LinkErrorCode.None, Timestamp.Zero));
        Assert.False(session.IsClosed);
    }
}
