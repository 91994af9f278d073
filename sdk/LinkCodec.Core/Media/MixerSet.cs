namespace LinkCodec.Core.Media;

/// <summary>One set of a mixer's weights, and which kind of decision a row is for.</summary>
/// <param name="Rows">The number of rows.</param>
/// <param name="RowsPerKind">How many rows in succession are for one kind.</param>
/// <param name="Kinds">The number of kinds told apart; the last also stands for all beyond.</param>
internal readonly record struct MixerSet(int Rows, int RowsPerKind, int Kinds)
{
    /// <summary>The first kind that a row is for, and the one after the last.</summary>
    internal (int First, int End) KindsOf(int row, int allKinds)
    {
        int kind = row / RowsPerKind % Kinds;
        return (kind, kind == Kinds - 1 ? allKinds : kind + 1);
    }
}
