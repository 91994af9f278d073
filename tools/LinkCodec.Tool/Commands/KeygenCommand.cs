using System.CommandLine;
using LinkCodec.CommandLine;

namespace LinkCodec.Tool.Commands;

/// <summary><c>keygen</c>: a key pair for one end of a link.</summary>
internal static class KeygenCommand
{
    public static Command Create(Dictionary<Command, string> examples)
    {
        Option<string> output = new("--output", "-o")
        {
            Description = "Folder for identity.key and identity.pub; made if it is missing.",
            Required = true,
        };
        Command keygen = new("keygen", "Makes a key pair for one end of a link and prints the public key.") { output };
        examples[keygen] = "linkcodec keygen -o ground-keys";
        keygen.SetAction(parsed =>
        {
            string folder = parsed.GetValue(output)!;
            using LinkIdentity identity = LinkIdentity.Create();
            identity.Save(folder);
            parsed.InvocationConfiguration.Output.WriteLine(identity.PublicKey);
        });
        return keygen;
    }
}
