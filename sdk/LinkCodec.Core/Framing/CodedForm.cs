namespace LinkCodec.Core.Framing;

/// <summary>The header that a range code has, bits 4 to 6 of its frame's type.</summary>
internal enum CodedForm
{
    /// <summary>One message; of its number the lowest eight bits.</summary>
    Short,

    /// <summary>One message.</summary>
    One,

    /// <summary>One message, with the length of the frame's body.</summary>
    OneWithLength,

    /// <summary>Any number of messages, of which the last may be cut.</summary>
    Many,

    /// <summary>Any number of messages, with the length of the frame's body.</summary>
    ManyWithLength,

    /// <summary>The rest of a message that was cut, and any number of messages behind it.</summary>
    Rest,

    /// <summary>The rest of a message that was cut, with the length of the frame's body.</summary>
    RestWithLength,
}
