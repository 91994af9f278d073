using LinkCodec.Simulator.Cli;

return await SimulatorCommands.RunAsync(args, Console.Out, Console.Error);
