using LinkCodec.Core.Coding;
using LinkCodec.Core.ContextMixing;
using LinkCodec.Core.PrimedMixing;

namespace LinkCodec.Tests.PrimedMixing;

/// <summary>Codes of messages whatever their length becomes: an encoder writes none that is no shorter.</summary>
internal static class PrimedCodes
{
    public static byte[] Write(IEnumerable<byte[]> messages)
    {
        RangeEncoder encoder = new();
        Writer writer = new(encoder);
        PrimedCoder coder = new(PrimedModel.BuiltIn);
        coder.Begin();
        foreach (byte[] message in messages)
        {
            foreach (byte value in message)
            {
                coder.Code(ref writer, value);
            }

            coder.Code(ref writer, PrimedCoder.End);
        }

        return encoder.Finish().ToArray();
    }

    private readonly struct Writer(RangeEncoder encoder) : IBinaryCoder
    {
        public bool Code(int yes, bool isYes)
        {
            uint no = (uint)(65536 - yes);
            encoder.Encode(isYes ? no : 0, isYes ? (uint)yes : no, 16);
            return isYes;
        }
    }
}
