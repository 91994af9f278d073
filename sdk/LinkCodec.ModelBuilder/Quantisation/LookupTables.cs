using LinkCodec.ModelBuilder.ModelFiles;
using MathNet.Numerics;

namespace LinkCodec.ModelBuilder.Quantisation;

/// <summary>Functions that no exact graph may compute, as tables of its store.</summary>
// The tables ship as data: every machine reads the same numbers, whatever this one's functions round to.
#pragma warning disable RS0030
internal static class LookupTables
{
    /// <summary>Steps of a table's argument for one unit of it.</summary>
    internal const int Steps = 64;

    /// <summary>Entries of <see cref="Softmax"/>.</summary>
    internal const int SoftmaxLength = 1024;

    /// <summary>
    /// Weights of attention for a score of i/64 below the best, in 2^-14 (127 * 128 at most, two digits that fit signed
    /// bytes); the last is zero, for what is masked.
    /// </summary>
    internal static float[] Softmax()
    {
        float[] table = new float[SoftmaxLength];
        for (int i = 0; i < SoftmaxLength - 1; i++)
        {
            table[i] = (float)Math.Round(Math.Exp(-i / (double)Steps) * 127 * 128);
        }

        return table;
    }

    /// <summary>
    /// The factors by which inputs from -<paramref name="range"/> to <paramref name="range"/> are multiplied to get the
    /// activation's output.
    /// </summary>
    internal static float[] ActivationFactors(Activation activation, double range)
    {
        int half = (int)(range * Steps);
        float[] table = new float[(2 * half) + 1];
        for (int i = 0; i < table.Length; i++)
        {
            double x = (i - half) / (double)Steps;
            table[i] = (float)(activation switch
            {
                Activation.Silu => 1 / (1 + Math.Exp(-x)),
                Activation.GeluTanh => 0.5 * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))),
                _ => 0.5 * (1 + SpecialFunctions.Erf(x / Math.Sqrt(2))),
            });
        }

        return table;
    }

    /// <summary>
    /// Cosine and sine by which positions rotate queries and keys: a row a position, the frequencies twice; the first
    /// half of each row of sines is negated.
    /// </summary>
    internal static (float[] Cosines, float[] Sines) Rotary(int window, int headWidth, double rotaryBase)
    {
        float[] cosines = new float[window * headWidth];
        float[] sines = new float[window * headWidth];
        int half = headWidth / 2;
        for (int i = 0; i < half; i++)
        {
            double frequency = Math.Pow(rotaryBase, -2.0 * i / headWidth);
            for (int position = 0; position < window; position++)
            {
                int at = (position * headWidth) + i;
                cosines[at] = cosines[at + half] = (float)Math.Cos(position * frequency);
                sines[at + half] = (float)Math.Sin(position * frequency);
                sines[at] = -sines[at + half];
            }
        }

        return (cosines, sines);
    }
}
