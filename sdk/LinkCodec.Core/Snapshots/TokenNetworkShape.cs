namespace LinkCodec.Core.Snapshots;

/// <summary>The dimensions of a network over tokens, and how much of a stream it looks at.</summary>
/// <param name="Vocabulary">Tokens, 2 to 2^18.</param>
/// <param name="Window">Positions that the network sees at most, 16 to 2^16.</param>
/// <param name="Overlap">Tokens that are read again where a window is full, 1 to half a window.</param>
/// <param name="ContextTokens">Tokens of earlier messages that a context keeps at most, 2 to half a window.</param>
public readonly record struct TokenNetworkShape(int Vocabulary, int Window, int Overlap, int ContextTokens);
