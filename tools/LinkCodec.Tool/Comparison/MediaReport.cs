using System.Globalization;
using System.Net;
using System.Text;
using LinkCodec.Core.Media;

namespace LinkCodec.Tool.Comparison;

/// <summary>
/// A comparison of images or sounds as one page that needs nothing else: each image, where its bits are, and bars of
/// the sizes.
/// </summary>
internal static class MediaReport
{
    // Colours of few bits and of many.
    private static readonly (int R, int G, int B) Few = (24, 32, 92);
    private static readonly (int R, int G, int B) Many = (255, 214, 92);

    private const string Style = """
        body { font: 15px/1.45 system-ui, sans-serif; margin: 2em auto; max-width: 70em; padding: 0 1em; color: #222 }
        figure { display: inline-block; margin: 0 1em 1em 0; vertical-align: top; max-width: 48% }
        figure img, figure svg { width: 32em; max-width: 100%; height: auto; image-rendering: pixelated }
        table { border-collapse: collapse } td, th { padding: .15em .6em; text-align: right } td:first-child { text-align: left }
        .bar { display: block; height: .9em; background: #9ab } .own .bar { background: #d80 } td.long { width: 24em }
        pre { background: #f4f4f4; padding: 1em; overflow-x: auto }
        """;

    /// <summary>The page.</summary>
    public static string Of(ComparisonReport report, IReadOnlyList<MediaFileFigures> files)
    {
        using StringWriter table = new(CultureInfo.InvariantCulture);
        report.WriteTable(table);
        StringBuilder page = new();
        page.Append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>LinkCodec compared")
            .Append("</title>\n<style>\n").Append(Style).Append("\n</style></head><body>\n<h1>LinkCodec compared</h1>\n")
            .Append("<pre>").Append(WebUtility.HtmlEncode(table.ToString())).Append("</pre>\n");
        foreach (MediaFileFigures file in files)
        {
            Write(page, file);
        }

        return page.Append("</body></html>\n").ToString();
    }

    private static void Write(StringBuilder page, MediaFileFigures file)
    {
        CarriedForm form = file.Form;
        page.Append(Text($"<h2>{WebUtility.HtmlEncode(file.Input.Name)}</h2>\n"));
        page.Append(file.Input.IsSound
            ? Text($"<p>{form.Width} samples of {form.Planes} channels, {form.BitDepth} bits, {form.Rate} Hz</p>\n")
            : Text($"<p>{form.Width} x {form.Height}, {form.Planes} planes of {form.BitDepth} bits</p>\n"));
        byte[] png = file.Input.IsSound ? [] : MediaInput.ToPng(file.Input.Samples);
        if (png.Length > 0)
        {
            page.Append("<figure><img alt=\"the image\" src=\"data:image/png;base64,")
                .Append(Convert.ToBase64String(png)).Append("\"></figure>\n");
        }

        WriteMap(page, file);
        WriteBars(page, file);
    }

    // Bits of a pixel or of a time's samples, part by part: the image as it stands, a sound from left to right.
    private static void WriteMap(StringBuilder page, MediaFileFigures file)
    {
        CarriedForm form = file.Form;
        double[] bits = [.. file.PartBytes.Select((bytes, part) => 8.0 * bytes / Size(form, part))];
        double least = bits.Min();
        double most = bits.Max();
        int height = file.Input.IsSound ? Math.Max(1, form.Width / 8) : form.Height;
        string unit = file.Input.IsSound ? "bits a time" : "bits a pixel";
        page.Append(Text($"<figure><svg viewBox=\"0 0 {form.Width} {height}\" role=\"img\" "))
            .Append(Text($"aria-label=\"{unit} of LinkCodec\">\n"));
        for (int part = 0; part < bits.Length; part++)
        {
            (int x, int y, int width, int tall) = file.Input.IsSound
                ? (part * form.PartSize, 0, Math.Min(form.PartSize, form.Width - (part * form.PartSize)), height)
                : form.Tile(part);
            string colour = Colour(most > least ? (bits[part] - least) / (most - least) : 0);
            page.Append(Text($"<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{tall}\" fill=\"{colour}\">"))
                .Append(Text($"<title>{bits[part]:F2} {unit}, {file.PartBytes[part]} bytes</title></rect>\n"));
        }

        page.Append(Text($"</svg><figcaption>LinkCodec: {least:F2} (dark) to {most:F2} {unit}, by "))
            .Append(file.Input.IsSound ? "segments" : "tiles").Append("; point at one for its figure</figcaption>")
            .Append("</figure>\n");
    }

    private static void WriteBars(StringBuilder page, MediaFileFigures file)
    {
        double longest = file.Codecs.Max(codec => codec.WireBytes);
        page.Append("<table><tr><th></th><th>wire bytes</th><th>seconds</th><th></th></tr>\n");
        foreach (CodecFigures codec in file.Codecs)
        {
            string own = codec.Name == file.Codecs[^1].Name ? " class=\"own\"" : "";
            page.Append(Text($"<tr{own}><td>{WebUtility.HtmlEncode(codec.Name)}</td><td>{codec.WireBytes}</td>"))
                .Append(Text($"<td>{codec.EncodeSeconds:F2}</td><td class=\"long\"><span class=\"bar\" "))
                .Append(Text($"style=\"width:{100 * codec.WireBytes / longest:F1}%\"></span></td></tr>\n"));
        }

        page.Append("</table>\n");
    }

    private static double Size(CarriedForm form, int part)
    {
        (int start, int end) = form.Part(part);
        return (double)(end - start) / (form.Planes * form.SampleBytes);
    }

    private static string Colour(double share) => Text($"rgb({Between(Few.R, Many.R, share)},")
        + Text($"{Between(Few.G, Many.G, share)},{Between(Few.B, Many.B, share)})");

    private static int Between(int few, int many, double share) => (int)Math.Round(few + ((many - few) * share));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
