using System.CommandLine;
using LinkCodec.CommandLine;
using LinkCodec.Receiver;

Dictionary<Command, string> examples = [];
RootCommand root = ReceiveCommand.Create(examples);
return await CommandHost.RunAsync("linkcodec-receiver", root, examples, args, StandardStreams.Output,
    StandardStreams.Error);
