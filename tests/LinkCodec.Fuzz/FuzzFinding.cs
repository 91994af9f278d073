namespace LinkCodec.Fuzz;

/// <summary>An input on which a target threw, with all that it takes to see it again.</summary>
public sealed class FuzzFinding(string target, string origin, byte[] input, Exception cause)
    : Exception($"{target} threw {cause.GetType().Name} on {origin}: {cause.Message}\ninput ({input.Length} bytes): "
        + $"{Convert.ToHexString(input)}\n" + $"After the fix, keep it: echo {Convert.ToHexString(input)} | xxd -r -p "
        + $"> tests/LinkCodec.Fuzz/corpus/{target}/NAME", cause);
