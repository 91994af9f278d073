namespace LinkCodec.ModelBuilder.Preambles;

/// <summary>What a preamble is worth, measured on messages that neither stand in it nor helped to choose it.</summary>
/// <param name="Profile">Name of the profile.</param>
/// <param name="Tokens">Of the preamble.</param>
/// <param name="Messages">That stand in it.</param>
/// <param name="Measured">That were measured.</param>
/// <param name="WithoutBitsPerByte">What those cost without it, each cold, ends of messages included.</param>
/// <param name="WithBitsPerByte">What they cost with it.</param>
/// <param name="IsKept">Whether the snapshot has it: not where it costs more than none.</param>
public sealed record PreambleReport(string Profile, int Tokens, int Messages, int Measured, double WithoutBitsPerByte,
    double WithBitsPerByte, bool IsKept);
