namespace LinkCodec.ModelBuilder.Import;

/// <summary>What an import made.</summary>
/// <param name="Family">As the model's files call it: llama, qwen2, qwen3, mistral, gpt2.</param>
/// <param name="Layers">Blocks.</param>
/// <param name="Width">Numbers of a residual row.</param>
/// <param name="Tokens">Of the vocabulary.</param>
/// <param name="Window">Positions that the network sees at most.</param>
/// <param name="NetworkBytes">Of the file "language.bin".</param>
/// <param name="FloatBitsPerByte">What the messages cost by the float model.</param>
/// <param name="ExactBitsPerByte">What they cost by the exact network's logits.</param>
/// <param name="CodedBitsPerByte">What they cost by its integer frequencies of 24 bits: what goes over the link, but
/// for the message's end.</param>
public sealed record LanguageImportReport(
    string Family, int Layers, int Width, int Tokens, int Window, long NetworkBytes, double FloatBitsPerByte,
    double ExactBitsPerByte, double CodedBitsPerByte);
