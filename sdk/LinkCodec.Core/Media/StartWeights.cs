using System.Runtime.InteropServices;

namespace LinkCodec.Core.Media;

/// <summary>
/// The weights that mixers start with: trained on images and sounds, and part of the coded form. The resource holds
/// those of the three kinds of planes, then those of a channel, as 16-bit integers, little-endian.
/// </summary>
internal static class StartWeights
{
    /// <summary>Kinds of planes: with no plane before, with one, and with two or more.</summary>
    internal const int PlaneKinds = 3;

    private const string Resource = "LinkCodec.Core.Media.StartWeights.bin";
    private const int One = 4096;

    private static readonly short[][] Parts = Read();

    /// <summary>The start of a channel's mixer.</summary>
    internal static ReadOnlySpan<short> OfSound => Parts[PlaneKinds];

    /// <summary>The start of a channel's mixer before any training: every expert counts the same.</summary>
    internal static short[] EvenOfSound => Even(ChannelCoder.Inputs, ChannelCoder.Sets, ChannelCoder.Kinds, One);

    /// <summary>The start of the mixer of planes of a kind.</summary>
    internal static ReadOnlySpan<short> OfPlane(int planesBefore) => Parts[planesBefore];

    /// <summary>The start of a plane's mixer before any training: every expert counts the same.</summary>
    internal static short[] EvenOfPlane(int planesBefore) => Even(PlaneModel.InputsOf(planesBefore), PlaneModel.Sets,
        PlaneModel.Decisions, One * 3 / 2);

    private static short[] Even(int inputs, int sets, int kinds, int sum)
    {
        short[] start = new short[ExpertMixer.StartLength(inputs, sets, kinds)];
        Array.Fill(start, (short)(sum / inputs), 0, kinds * inputs);
        Array.Fill(start, (short)(One / sets), kinds * inputs, kinds * sets);
        return start;
    }

    private static short[][] Read() // spec 13.2-3
    {
        using Stream stream = typeof(StartWeights).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The resource {Resource} is missing.");
        short[][] parts = new short[PlaneKinds + 1][];
        for (int i = 0; i < parts.Length; i++)
        {
            parts[i] = i < PlaneKinds ? EvenOfPlane(i) : EvenOfSound;
            stream.ReadExactly(MemoryMarshal.AsBytes(parts[i].AsSpan()));
            if (!BitConverter.IsLittleEndian)
            {
                System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(parts[i], parts[i]);
            }
        }

        return parts;
    }
}
