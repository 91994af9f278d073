using System.Numerics;
using System.Runtime.InteropServices;
using LinkCodec.Models.Bytes;
using LinkCodec.Tests.Models;

// Prints one line: the hashes, and which machine the runtime believes it is on. tests/emulation/run.sh and ExactnessTests compare the first part.
if (args.Length != 4 || !int.TryParse(args[1], out int sequences) || !int.TryParse(args[2], out int steps) || !int.TryParse(args[3], out int batch))
{
    Console.Error.WriteLine("usage: LinkCodec.Exactness SNAPSHOT_FOLDER SEQUENCES STEPS BATCH");
    return 2;
}

const int Bits = 20;
const int LargestBatch = 64;
byte[] graph = File.ReadAllBytes(Path.Combine(args[0], "model.onnx"));
byte[] table = File.ReadAllBytes(Path.Combine(args[0], "weights-table.bin"));
using ByteNetPredictor predictor = ByteNetPredictor.Load(graph, table, Bits, LargestBatch);
ExactnessRun.Hashes hashes = ExactnessRun.Of(predictor, sequences, steps, batch);
Console.WriteLine($"{hashes} on {RuntimeInformation.ProcessArchitecture} with vectors of {Vector<byte>.Count} bytes");
return 0;
