namespace LinkCodec.Benchmarks.Language;

/// <summary>What a network alone makes of the English texts of a file: logarithms, no codes.</summary>
/// <param name="Bytes">Bytes of the messages.</param>
/// <param name="Bits">Bits of the messages by the network's logits.</param>
/// <param name="CodedBits">Bits of the messages by integer frequencies of 24 bits.</param>
/// <param name="AfterBytes">Bytes of the stretches behind their first 512 tokens.</param>
/// <param name="AfterBits">Bits of those stretches by the logits.</param>
internal sealed record NetworkFigures(long Bytes, double Bits, double CodedBits, long AfterBytes, double AfterBits);

/// <summary>Figures of the same texts as messages, coded, decoded and compared.</summary>
/// <param name="Messages">The number of messages.</param>
/// <param name="Bytes">Bytes of the messages.</param>
/// <param name="Coded">Whole bytes of each message's own range code.</param>
/// <param name="DecidedBits">Bits without the coder: logarithms of all its decisions, the ends among them.</param>
/// <param name="AfterBytes">Bytes of the stretches behind their first 512 tokens.</param>
/// <param name="AfterCoded">Bytes of each stretch's code, less those of its beginning as a message.</param>
/// <param name="AckedBytes">Bytes of the messages of 500 bytes behind the first 512 tokens of each stretch.</param>
/// <param name="AckedCoded">Bytes of their codes, each from the context of all before it.</param>
internal sealed record EnglishFigures(int Messages, long Bytes, long Coded, double DecidedBits, long AfterBytes,
    long AfterCoded, long AckedBytes, long AckedCoded);

/// <summary>A beginning of a file of prose as one acknowledged stream, and baselines over the same bytes.</summary>
/// <param name="Messages">How many.</param>
/// <param name="Bytes">Their bytes, all of the beginning.</param>
/// <param name="Coded">Bytes of their codes.</param>
/// <param name="Seconds">Coding, absorbing and decoding, wall time.</param>
/// <param name="Baselines">Bytes of those that take the whole.</param>
internal sealed record ProseFigures(int Messages, long Bytes, long Coded, double Seconds,
    Dictionary<string, long> Baselines);

/// <summary>Structured messages. Bytes of messages, and of their codes.</summary>
/// <param name="Messages">The number of messages that were drawn.</param>
/// <param name="Bytes">Those that were drawn.</param>
/// <param name="Plain">Each alone, without preambles.</param>
/// <param name="Preambles">Each alone, with the snapshot's preambles; null where it has none.</param>
/// <param name="Dictionary">Zstd with its dictionary over the same; null without it.</param>
/// <param name="AckedBytes">Those behind some 1,000 tokens of earlier messages.</param>
/// <param name="Acked">Bytes of those messages' codes.</param>
/// <param name="StreamBytes">Those of the growing stream.</param>
/// <param name="Stream">Bytes of the stream's codes.</param>
/// <param name="WholeBytes">All messages of the file.</param>
/// <param name="Xz">Bytes of xz for the whole file; null without xz.</param>
internal sealed record StructuredFigures(
    int Messages, long Bytes, long Plain, long? Preambles, long? Dictionary, long AckedBytes, long Acked,
    long StreamBytes, long Stream, long WholeBytes, long? Xz);

/// <summary>Speed with a number of streams: message bytes a second.</summary>
/// <param name="Streams">The streams of a worker.</param>
/// <param name="Encode">Bytes encoded in a second of processor time by one worker.</param>
/// <param name="Decode">Bytes decoded in a second of processor time by one worker.</param>
/// <param name="EncodeWall">Bytes encoded in a second of wall time by two workers.</param>
/// <param name="DecodeWall">Bytes decoded in a second of wall time by two workers.</param>
/// <param name="Peak">Largest working set of a process that codes and decodes a message a stream, MB.</param>
/// <param name="Load">Milliseconds from the started runtime to the loaded snapshot.</param>
/// <param name="FirstByte">Milliseconds from the loaded snapshot to the first coded byte.</param>
/// <param name="Loaded">Working set after loading, MB.</param>
internal sealed record LanguageSpeedFigures(
    int Streams, double Encode, double Decode, double EncodeWall, double DecodeWall, double Peak, double Load,
    double FirstByte, double Loaded);

/// <summary>Bytes that were packed and unpacked with other streams beside them, and came back.</summary>
/// <param name="Bytes">Bytes of the contents.</param>
/// <param name="Coded">Bytes of the units.</param>
/// <param name="Seconds">Wall time of all four passes.</param>
internal sealed record RoundTripFigures(long Bytes, long Coded, double Seconds);
