using System.CommandLine;
using LinkCodec.CommandLine;
using LinkCodec.Sender;

Dictionary<Command, string> examples = [];
RootCommand root = SendCommand.Create(examples);
return await CommandHost.RunAsync("linkcodec-sender", root, examples, args, StandardStreams.Output,
    StandardStreams.Error);
