using System.Globalization;
using System.Net;
using System.Text;
using LinkCodec.Simulator.Runs;

namespace LinkCodec.Simulator.Report;

/// <summary>
/// A comparison as one HTML file that needs nothing else, no network either. The same comparison gives the same bytes.
/// </summary>
internal static class RunHtml
{
    private const string Style =
        "body{font:15px/1.5 system-ui,sans-serif;max-width:900px;margin:2em auto;padding:0 1em;color:#222}"
        + "table{border-collapse:collapse;width:100%}th,td{padding:.3em .6em;text-align:right;border-bottom:1px "
            + "solid #ddd}" + "th:first-child,td:first-child{text-align:left}svg{max-width:100%;height:auto}svg "
            + "text{font:12px system-ui,sans-serif;fill:#333}" + "p.note{color:#555}";

    public static string Write(Comparison comparison)
    {
        RunInput input = comparison.Input;
        string title = $"{input.Scenario.Name}: what a link carries";
        StringBuilder html = new();
        long bytes = input.Messages.Sum(message => (long)message.Length);
        html.Append($"<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{Encode(title)}</title>");
        html.Append($"<style>{Style}</style></head><body>\n<h1>{Encode(title)}</h1>");
        html.Append(CultureInfo.InvariantCulture, $"<p>{Encode(input.Scenario.Description)}; ");
        html.Append(CultureInfo.InvariantCulture, $"{input.Messages.Count} messages, {bytes} bytes; ");
        html.Append(CultureInfo.InvariantCulture, $"{RunTable.Seeds(comparison)}.</p>\n");
        Table(html, comparison);
        html.Append("<h2>Message bits delivered in a second</h2>\n");
        html.Append(SvgChart.Bars("Message bits delivered in a second, by codec",
            Bars(comparison, c => c.Mean(r => r.EffectiveBps))));
        html.Append("<h2>Bytes on the air</h2>\n");
        html.Append(SvgChart.Bars("Bytes on the air, by codec", Bars(comparison, c => c.Mean(r => r.AirBytes))));
        html.Append(CultureInfo.InvariantCulture,
            $"<h2>Message bytes delivered over time, seed {comparison.FirstSeed}</h2>\n");
        html.Append(SvgChart.Steps("Message bytes delivered over time", "message bytes delivered",
            [.. comparison.Codecs.Select(c => (c.Codec, c.Runs[0].Course))]));
        html.Append(
            "\n<p class=\"note\">Virtual time, the handshake included; coding takes none of it. Every codec travels in "
                + "the same frames and sealed segments; codecs in -segments compress as many messages as fit into a "
                + "datagram together, the other codecs each alone, and are told its length for nothing. Bytes on the "
                + "air are those of every datagram of both directions, lost ones too. Goodput is the "
                + "payload that arrived over what the rate allows.</p>\n</body></html>\n");
        return html.ToString();
    }

    private static void Table(StringBuilder html, Comparison comparison)
    {
        html.Append("<table><tr>").AppendJoin("", RunTable.Header.Select(cell => $"<th>{Encode(cell)}</th>"))
            .Append("</tr>\n");
        foreach (string[] row in RunTable.Rows(comparison))
        {
            html.Append("<tr>").AppendJoin("", row.Select(cell => $"<td>{Encode(cell)}</td>")).Append("</tr>\n");
        }

        html.Append("</table>\n");
    }

    private static IReadOnlyList<(string Name, double Value, string Text)> Bars(
        Comparison comparison, Func<CodecSummary, double> figure) =>
            [.. comparison.Codecs
                .Select(c => (c.Codec, figure(c), figure(c).ToString("F0", CultureInfo.InvariantCulture)))];

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
