using System.Collections.Frozen;

namespace LinkCodec.Core.Security;

/// <summary>
/// A Noise handshake pattern, read from the one table below; a psk modifier in the name inserts its token.
/// </summary>
/// <remarks>Source: Noise Protocol Framework revision 34, sections 7.4, 7.5 and 9.4. Immutable.</remarks>
internal sealed class NoisePattern
{
    private const int KeyLength = 32;
    private const int TagLength = 16;

    // Name: who knows whose static key beforehand, then the messages, the initiator's first.
    private static readonly FrozenDictionary<string, (bool InitiatorKnown, bool ResponderKnown,
        string[] Messages)> Table =
            new Dictionary<string, (bool, bool, string[])>
            {
                ["N"] = (false, true, ["e es"]),
                ["K"] = (true, true, ["e es ss"]),
                ["X"] = (false, true, ["e es s ss"]),
                ["NN"] = (false, false, ["e", "e ee"]),
                ["KK"] = (true, true, ["e es ss", "e ee se"]),
                ["IK"] = (false, true, ["e es s ss", "e ee se"]),
                ["IX"] = (false, false, ["e s", "e ee se s es"]),
                ["XX"] = (false, false, ["e", "e ee s es", "s se"]),
            }.ToFrozenDictionary();

    private readonly NoiseToken[][] _messages;

    private NoisePattern(string name, bool initiatorKnown, bool responderKnown, NoiseToken[][] messages)
    {
        Name = name;
        InitiatorKnown = initiatorKnown;
        ResponderKnown = responderKnown;
        _messages = messages;
        HasPsk = messages.Any(m => m.Contains(NoiseToken.Psk));
    }

    /// <summary>The pattern's name, modifiers included.</summary>
    internal string Name { get; }

    /// <summary>Whether the responder knows the initiator's static key beforehand.</summary>
    internal bool InitiatorKnown { get; }

    /// <summary>Whether the initiator knows the responder's static key beforehand.</summary>
    internal bool ResponderKnown { get; }

    /// <summary>
    /// Whether a pre-shared key is mixed in; then ephemeral keys are mixed into the chaining key too.
    /// </summary>
    internal bool HasPsk { get; }

    /// <summary>The number of messages in the handshake: 1, 2 or 3.</summary>
    internal int MessageCount => _messages.Length;

    /// <summary>Whether only the initiator can send afterwards.</summary>
    internal bool IsOneWay => _messages.Length == 1;

    /// <summary>Whether the initiator needs a static key of its own.</summary>
    internal bool InitiatorHasStatic => InitiatorKnown || Sends(NoiseToken.S, parity: 0);

    /// <summary>Whether the responder needs a static key of its own.</summary>
    internal bool ResponderHasStatic => ResponderKnown || Sends(NoiseToken.S, parity: 1);

    /// <summary>The pattern with this name, such as "KK" or "KKpsk0".</summary>
    /// <exception cref="ArgumentException">The table has no such pattern, or the modifier is none.</exception>
    internal static NoisePattern Parse(string name)
    {
        int at = name.IndexOf("psk", StringComparison.Ordinal);
        if (!Table.TryGetValue(at < 0 ? name : name[..at],
            out (bool InitiatorKnown, bool ResponderKnown, string[] Messages) entry))
        {
            throw new ArgumentException($"No Noise pattern is named '{name}'.", nameof(name));
        }

        NoiseToken[][] messages = [.. entry.Messages
            .Select(m => m.Split(' ').Select(t => Enum.Parse<NoiseToken>(t, ignoreCase: true)).ToArray())];
        foreach (string modifier in at < 0 ? [] : name[at..].Split('+'))
        {
            int place =
                modifier.Length == 4 && modifier.StartsWith("psk", StringComparison.Ordinal) ? modifier[3] - '0' : -1;
            if (place < 0 || place > messages.Length)
            {
                throw new ArgumentException($"'{modifier}' is not a modifier of this Noise pattern.", nameof(name));
            }

            // psk0 stands before the first message, pskN after message N.
            messages[Math.Max(0, place - 1)] = place == 0
                ? [NoiseToken.Psk, .. messages[0]]
                : [.. messages[place - 1], NoiseToken.Psk];
        }

        return new NoisePattern(name, entry.InitiatorKnown, entry.ResponderKnown, messages);
    }

    /// <summary>
    /// The tokens of message <paramref name="index"/>, counted from 0; even ones are the initiator's.
    /// </summary>
    internal ReadOnlySpan<NoiseToken> Tokens(int index) => _messages[index];

    /// <summary>
    /// Bytes that message <paramref name="index"/> has beyond its payload: keys in the clear, sealed keys, tags.
    /// </summary>
    internal int Overhead(int index)
    {
        bool hasKey = false;
        int length = 0;
        for (int i = 0; i <= index; i++)
        {
            length = 0;
            foreach (NoiseToken token in _messages[i])
            {
                length += token switch
                {
                    NoiseToken.E => KeyLength,
                    NoiseToken.S => KeyLength + (hasKey ? TagLength : 0),
                    _ => 0,
                };
                hasKey |= token is not (NoiseToken.E or NoiseToken.S) || (token == NoiseToken.E && HasPsk);
            }

            length += hasKey ? TagLength : 0;
        }

        return length;
    }

    private bool Sends(NoiseToken token, int parity) =>
        _messages.Where((m, i) => i % 2 == parity && m.Contains(token)).Any();
}
