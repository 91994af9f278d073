using System.Buffers.Binary;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Models.Language.Inference;

/// <summary>
/// Tokens that the network reads before a message that starts without a context, by the message's profile. Immutable.
/// </summary>
/// <remarks>Spec: protocol-spec/11-language-models.md, section 8.</remarks>
internal sealed class PreambleSet
{
    /// <summary>Tokens of a preamble at most.</summary>
    internal const int Longest = 1024;

    private const int Layout = 1;
    private readonly Dictionary<int, int[]> _tokens;

    private PreambleSet(Dictionary<int, int[]> tokens) => _tokens = tokens;

    /// <summary>No preamble for any profile.</summary>
    internal static PreambleSet None { get; } = new([]);

    /// <summary>Reads the file's bytes.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="profiles">The number of profiles.</param>
    /// <param name="vocabulary">The number of tokens in the vocabulary.</param>
    /// <param name="longest">Tokens that a row has room for before a message.</param>
    /// <param name="location">The file's name, for people.</param>
    /// <exception cref="LinkException">SnapshotNotFound: the bytes are not such a file.</exception>
    internal static PreambleSet Parse(ReadOnlySpan<byte> file, int profiles, int vocabulary, int longest,
        string location)
    {
        // spec 11.8-2
        longest = Math.Min(longest, Longest);
        Dictionary<int, int[]> found = [];
        int before = -1;
        Require(file.Length >= 2 && file[0] == Layout,
            $"expected layout {Layout}, found {(file.IsEmpty ? "nothing" : $"{file[0]}")}");
        int count = file[1];
        file = file[2..];
        for (int i = 0; i < count; i++)
        {
            Require(file.Length >= 3, "expected another preamble, found the end");
            int profile = file[0];
            int length = BinaryPrimitives.ReadUInt16LittleEndian(file[1..]);
            Require(profile > before && profile < profiles,
                $"expected a profile from {before + 1} to {profiles - 1}, found {profile}");
            Require(length >= 1 && length <= longest, $"expected 1 to {longest} tokens, found {length}");
            Require(file.Length >= 3 + (4 * length), "expected all tokens, found the end");
            int[] tokens = new int[length];
            for (int t = 0; t < length; t++)
            {
                uint token = BinaryPrimitives.ReadUInt32LittleEndian(file[(3 + (4 * t))..]);
                Require(token < (uint)vocabulary, $"expected tokens below {vocabulary}, found {token}");
                tokens[t] = (int)token;
            }

            found.Add(profile, tokens);
            before = profile;
            file = file[(3 + (4 * length))..];
        }

        Require(file.IsEmpty, $"expected the end, found {file.Length} bytes more");
        return new PreambleSet(found);

        void Require(bool holds, string otherwise)
        {
            if (!holds)
            {
                throw new LinkException(LinkErrorCode.SnapshotNotFound, $"{location}: {otherwise}.");
            }
        }
    }

    /// <summary>A profile's tokens; none for most.</summary>
    internal ReadOnlySpan<int> Of(int profile) => _tokens.TryGetValue(profile, out int[]? tokens) ? tokens : default;

    /// <summary>The file's bytes.</summary>
    /// <param name="preambles">Profiles in ascending order, and their tokens.</param>
    internal static byte[] Write(params ReadOnlySpan<(int Profile, int[] Tokens)> preambles)
    {
        List<byte> file = [Layout, (byte)preambles.Length];
        Span<byte> number = stackalloc byte[4];
        foreach ((int profile, int[] tokens) in preambles)
        {
            file.Add((byte)profile);
            BinaryPrimitives.WriteUInt16LittleEndian(number, (ushort)tokens.Length);
            file.AddRange(number[..2]);
            foreach (int token in tokens)
            {
                BinaryPrimitives.WriteInt32LittleEndian(number, token);
                file.AddRange(number);
            }
        }

        return [.. file];
    }
}
