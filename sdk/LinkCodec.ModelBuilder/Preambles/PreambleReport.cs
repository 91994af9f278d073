namespace LinkCodec.ModelBuilder.Preambles;

/// <summary>The worth of a preamble, measured on messages that neither stand in it nor helped to choose it.</summary>
/// <param name="Profile">Name of the profile.</param>
/// <param name="Tokens">The tokens of the preamble.</param>
/// <param name="Messages">The messages that stand in the preamble.</param>
/// <param name="Measured">The messages that were measured.</param>
/// <param name="WithoutBitsPerByte">The measured messages' cost without the preamble, each cold, ends of messages
/// included.</param>
/// <param name="WithBitsPerByte">The measured messages' cost with the preamble.</param>
/// <param name="IsKept">Whether the snapshot has it: not where it costs more than none.</param>
public sealed record PreambleReport(string Profile, int Tokens, int Messages, int Measured, double WithoutBitsPerByte,
    double WithBitsPerByte, bool IsKept);
