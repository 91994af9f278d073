using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using LinkCodec.Core.Primitives;
using LinkCodec.Transport.Files;

namespace LinkCodec.CommandLine;

/// <summary>A kind of link: what <c>--profile</c> sets, from one of <c>Profiles</c> or a file.</summary>
internal sealed record LinkProfile
{
    private const int LongestFile = 1 << 16;
    private const string Folder = "LinkCodec.CommandLine.Profiles.";

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    public required string Name { get; init; }

    public required string Description { get; init; }

    /// <summary>Seconds that a bit travels one way, 0 to 1,800.</summary>
    public required double OneWayDelay { get; init; }

    /// <summary>From the sender to the receiver.</summary>
    public required LinkDirection Forward { get; init; }

    /// <summary>From the receiver to the sender; null where nothing is answered.</summary>
    public required LinkDirection? Return { get; init; }

    /// <summary>The names of the profiles that ship, in the order of the alphabet.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
            .Select(name => Path.GetFileNameWithoutExtension(name[Folder.Length..])).Order(StringComparer.Ordinal),
    ];

    /// <summary>The text of a profile that ships, or of a file.</summary>
    /// <param name="nameOrPath">A name of <see cref="Names"/>, or a path.</param>
    /// <exception cref="UsageException">There is neither, or the file cannot be read.</exception>
    public static byte[] Read(string nameOrPath)
    {
        if (Names.Contains(nameOrPath))
        {
            using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Folder + nameOrPath
                + ".json")!;
            byte[] bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }

        try
        {
            return File.Exists(nameOrPath) ? SmallFile.Read(nameOrPath, LongestFile) : throw new UsageException(
                $"--profile {nameOrPath}: expected a JSON file or one of {string.Join(", ", Names)}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--profile {nameOrPath}: {e.Message}", e);
        }
    }

    /// <summary>A profile that ships, or the one in a file.</summary>
    /// <exception cref="UsageException">There is neither, or it is no profile: one clear line.</exception>
    public static LinkProfile Find(string nameOrPath)
    {
        try
        {
            LinkProfile? profile = JsonSerializer.Deserialize<LinkProfile>(Read(nameOrPath), Json);
            return profile?.Problem() is null && profile is not null ? profile
                : throw new UsageException($"--profile {nameOrPath}: {profile?.Problem() ?? "it is empty"}");
        }
        catch (JsonException e)
        {
            throw new UsageException($"--profile {nameOrPath}: {e.Message}", e);
        }
    }

    private string? Problem() => OneWayDelay is not (>= 0 and <= 1800) ? "one_way_delay is 0 to 1800 seconds"
        : Forward.Problem() ?? Return?.Problem();
}

/// <summary>One direction of a link.</summary>
internal sealed record LinkDirection
{
    /// <summary>Bits per second; 0 for no limit.</summary>
    public long Rate { get; init; }

    /// <summary>Bytes of the longest datagram, 96 to 65,507.</summary>
    public required int Mtu { get; init; }

    /// <summary>Bytes of the steps in which the carrier charges.</summary>
    public int BillingStep { get; init; } = 1;

    /// <summary>Bytes that the carrier charges at least for a datagram.</summary>
    public int BillingMinimum { get; init; }

    /// <summary>Bytes of headers of lower layers that the carrier charges with each datagram.</summary>
    public int BillingHeader { get; init; }

    /// <summary>What the carrier charges.</summary>
    [JsonIgnore]
    public Billing Billing => new(BillingStep, BillingMinimum, BillingHeader);

    /// <summary>The number that is out of its range; null where none is.</summary>
    public string? Problem() => Rate is not (>= 0 and <= 1_000_000_000_000) ? "rate is 0 to 1000000000000 bits a second"
        : Mtu is not (>= 96 and <= 65_507) ? "mtu is 96 to 65507 bytes"
        : BillingStep is not (>= 0 and <= 65_536) ? "billing_step is 0 to 65536 bytes"
        : BillingMinimum is not (>= 0 and <= 65_536) ? "billing_minimum is 0 to 65536 bytes"
        : BillingHeader is not (>= 0 and <= 1024) ? "billing_header is 0 to 1024 bytes" : null;
}
