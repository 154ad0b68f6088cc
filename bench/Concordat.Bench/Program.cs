using System.Runtime.Versioning;
using Concordat.Bench;
using Concordat.Bench.Engine;
using Concordat.Bench.Harness;
using Concordat.Bench.Peers;

// /proc, wrk and file modes are used throughout.
[assembly: SupportedOSPlatform("linux")]

// bench/run calls "measure", which starts everything else in processes of their own.
var arguments = new Arguments(args);
return arguments.Command switch
{
    "measure" => await Measurement.RunAsync(arguments),
    "raw" => await RawPeer.RunAsync(arguments),
    "empty" => await EmptyPeer.RunAsync(arguments),
    "textbook" => await TextbookPeer.RunAsync(arguments),
    "fill" => await Fill.RunAsync(arguments),
    "crowded" => await CrowdedServer.RunAsync(arguments),
    "limit" => await GroupCommitLimit.RunAsync(arguments),
    "sync" => await SyncFloor.RunAsync(arguments),
    _ => Arguments.Complain("say what to do: measure, raw, empty, textbook, fill, crowded, limit or sync"),
};
