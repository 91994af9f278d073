using System.CommandLine;
using LinkCodec.CommandLine;
using LinkCodec.Tool.Commands;

Dictionary<Command, string> examples = [];
RootCommand root = new("Packs messages for narrow links, and looks after snapshots and keys.")
{
    PackCommand.Create(examples),
    UnpackCommand.Create(examples),
    CompareCommand.Create(examples),
    SnapshotCommand.Create(examples),
    KeygenCommand.Create(examples),
    ProfileCommand.Create(examples),
};
examples[root] = "linkcodec pack metar.txt -o metar.lnk --messages lines";
return await CommandHost.RunAsync("linkcodec", root, examples, args, StandardStreams.Output, StandardStreams.Error);
