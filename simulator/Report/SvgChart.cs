using System.Globalization;
using System.Net;
using System.Text;

namespace LinkCodec.Simulator.Report;

/// <summary>Two small charts as inline SVG: bars, and steps over time.</summary>
internal static class SvgChart
{
    private const int Width = 860;
    private const int Label = 110;
    private const int Bar = 26;
    private const int PlotHeight = 300;
    private const int MostPoints = 400;

    private static readonly string[] Colours = ["#0b6e4f", "#c46a00", "#2a5db0", "#8b2fa0", "#a33", "#555"];

    /// <summary>Horizontal bars, the longest filling the width, each with its value.</summary>
    public static string Bars(string title, IReadOnlyList<(string Name, double Value, string Text)> bars)
    {
        double largest = Math.Max(bars.Max(bar => bar.Value), double.Epsilon);
        StringBuilder svg = Open(title, bars.Count * Bar);
        for (int i = 0; i < bars.Count; i++)
        {
            int y = i * Bar;
            double length = bars[i].Value / largest * (Width - Label - 120);
            Text(svg, Label - 8, y + 17, "end", bars[i].Name);
            Append(svg,
                $"<rect x=\"{Label}\" y=\"{y + 3}\" width=\"{length:F1}\" height=\"{Bar - 6}\" fill=\"{Colour(i)}\"/>");
            Text(svg, Label + length + 6, y + 17, "start", bars[i].Text);
        }

        return svg.Append("</svg>").ToString();
    }

    /// <summary>Draws how something grew: a line of steps for each name, from 0 at time 0.</summary>
    public static string Steps(string title, string unit,
        IReadOnlyList<(string Name, IReadOnlyList<(double Seconds, long Value)> Points)> lines)
    {
        double end = Math.Max(lines.Max(line => line.Points.Count == 0 ? 0 : line.Points[^1].Seconds), 1e-6);
        double top = Math.Max(lines.Max(line => line.Points.Count == 0 ? 0 : line.Points[^1].Value), 1);
        StringBuilder svg = Open(title, PlotHeight + 60 + (lines.Count * 18));
        double X(double seconds) => Label + (seconds / end * (Width - Label - 20));
        double Y(double value) => 10 + (PlotHeight * (1 - (value / top)));
        for (int i = 0; i <= 4; i++)
        {
            Append(svg, $"<path d=\"M{Label} {Y(top * i / 4):F1}H{Width - 20}\" stroke=\"#ddd\"/>");
            Text(svg, Label - 8, Y(top * i / 4) + 4, "end", (top * i / 4).ToString("F0", CultureInfo.InvariantCulture));
            Text(svg, X(end * i / 4), PlotHeight + 28, "middle",
                (end * i / 4).ToString("G4", CultureInfo.InvariantCulture) + " s");
        }

        for (int i = 0; i < lines.Count; i++)
        {
            StringBuilder path = new(string.Create(CultureInfo.InvariantCulture, $"M{X(0):F1} {Y(0):F1}"));
            foreach ((double seconds, long value) in Thin(lines[i].Points))
            {
                path.Append(CultureInfo.InvariantCulture, $"H{X(seconds):F1}V{Y(value):F1}");
            }

            Append(svg, $"<path d=\"{path}\" fill=\"none\" stroke=\"{Colour(i)}\" stroke-width=\"2\"/>");
            int y = PlotHeight + 48 + (i * 18);
            Append(svg, $"<rect x=\"{Label}\" y=\"{y}\" width=\"12\" height=\"12\" fill=\"{Colour(i)}\"/>");
            Text(svg, Label + 18, y + 11, "start", $"{lines[i].Name}, {unit}");
        }

        return svg.Append("</svg>").ToString();
    }

    // A chart cannot show more points than it has columns; the last one always stays.
    private static IEnumerable<(double Seconds, long Value)> Thin(IReadOnlyList<(double Seconds, long Value)> points)
    {
        int step = Math.Max(1, points.Count / MostPoints);
        return points.Where((_, i) => i % step == 0 || i == points.Count - 1);
    }

    private static StringBuilder Open(string title, int height) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"<svg viewBox=\"0 0 {Width} {height}\" width=\"{Width}\" height=\"{height}\" role=\"img\" "
            + $"aria-label=\"{WebUtility.HtmlEncode(title)}\">"));

    private static void Text(StringBuilder svg, double x, double y, string anchor, string text) =>
        Append(svg, $"<text x=\"{x:F1}\" y=\"{y:F1}\" text-anchor=\"{anchor}\">{WebUtility.HtmlEncode(text)}</text>");

    private static void Append(StringBuilder svg, FormattableString text) =>
        svg.Append(FormattableString.Invariant(text));

    private static string Colour(int i) => Colours[i % Colours.Length];
}
