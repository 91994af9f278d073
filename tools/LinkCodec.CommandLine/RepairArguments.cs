using System.CommandLine;
using System.Globalization;

namespace LinkCodec.CommandLine;

/// <summary>The options of the erasure code.</summary>
public sealed class RepairArguments(bool hasReturnPath)
{
    private readonly Option<double?> _fec = new("--fec")
    {
        Description = "Repairs of lost segments: a code rate of 0.1 to 1, the share of segments that are no repairs, "
            + (hasReturnPath
                ? "off, or auto (default): as the losses ask for where the rate is given and a round trip holds 16 "
                    + "segments or more."
                : "or off (default)."),
        HelpName = hasReturnPath ? "auto|off|RATE" : "off|RATE",
        CustomParser = result =>
        {
            string text = result.Tokens[^1].Value;
            bool isRate = double.TryParse(text, CultureInfo.InvariantCulture, out double rate)
                && rate is >= 0.1 and <= 1;
            if (!isRate && text is not ("off" or "auto"))
            {
                result.AddError($"--fec {text}: expected auto, off or a rate of 0.1 to 1");
            }

            return text == "auto" ? null : isRate ? rate : 1;
        },
    };

    private readonly Option<int> _reach = NumberOptions.Of("--fec-reach", "Segments that a repair reaches back where "
        + "nothing is reported: more mend longer gaps, and cost more time.", 1024, 1, 8192);

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        ArgumentNullException.ThrowIfNull(command);
        command.Add(_fec);
        command.Add(_reach);
    }

    /// <summary>The code rate; null where losses decide.</summary>
    public double? ReadRate(ParseResult parsed)
    {
        ArgumentNullException.ThrowIfNull(parsed);
        return parsed.GetValue(_fec);
    }

    /// <summary>Segments that a repair reaches back.</summary>
    public int ReadReach(ParseResult parsed)
    {
        ArgumentNullException.ThrowIfNull(parsed);
        return parsed.GetValue(_reach);
    }
}
