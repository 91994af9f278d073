namespace LinkCodec.ModelBuilder.Import;

/// <summary>The report of an import.</summary>
/// <param name="Family">The model's family as its files call it: llama, qwen2, qwen3, mistral, gpt2.</param>
/// <param name="Layers">The number of the model's blocks.</param>
/// <param name="Width">Numbers of a residual row.</param>
/// <param name="Tokens">The number of tokens in the vocabulary.</param>
/// <param name="Window">Positions that the network sees at most.</param>
/// <param name="NetworkBytes">The bytes of the file "language.bin".</param>
/// <param name="FloatBitsPerByte">The messages' cost by the float model.</param>
/// <param name="ExactBitsPerByte">The messages' cost by the exact network's logits.</param>
/// <param name="CodedBitsPerByte">The messages' cost by the exact network's integer frequencies of 24 bits: what goes
/// over the link, but for the message's end.</param>
public sealed record LanguageImportReport(
    string Family, int Layers, int Width, int Tokens, int Window, long NetworkBytes, double FloatBitsPerByte,
    double ExactBitsPerByte, double CodedBitsPerByte);
