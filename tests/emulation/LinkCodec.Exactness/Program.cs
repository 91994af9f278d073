using System.Numerics;
using System.Runtime.InteropServices;
using LinkCodec.Core.Snapshots;
using LinkCodec.Models;
using LinkCodec.Models.Bytes;
using LinkCodec.Tests.Models;

// Prints one line: the hashes, and which machine the runtime believes it is on. tests/emulation/run.sh and ExactnessTests compare the first part.
// Loading refuses the snapshot where this machine does not compute the manifest's fingerprint.
if (args.Length != 4 || !int.TryParse(args[1], out int sequences) || !int.TryParse(args[2], out int steps) || !int.TryParse(args[3], out int batch))
{
    Console.Error.WriteLine("usage: LinkCodec.Exactness SNAPSHOT_FOLDER SEQUENCES STEPS BATCH");
    return 2;
}

using Snapshot snapshot = new SnapshotStore().Load(args[0]);
var predictor = (ByteNetPredictor)snapshot.Predictor;
ExactnessRun.Hashes hashes = ExactnessRun.Of(predictor, sequences, steps, batch);
Console.WriteLine($"{hashes} by {predictor.Executor.Name} on {RuntimeInformation.ProcessArchitecture} with vectors of {Vector<byte>.Count} bytes");
return 0;
