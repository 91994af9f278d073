using LinkCodec.CommandLine;
using LinkCodec.Simulator.Cli;

return await SimulatorCommands.RunAsync(args, StandardStreams.Output, StandardStreams.Error);
