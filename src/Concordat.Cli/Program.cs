using System.CommandLine;
using Concordat.Cli;

var root = new RootCommand("Checks what a Concordat ledger says, without trusting it.") { VerifyCommand.Make(), FollowCommand.Make() };
return await root.Parse(args).InvokeAsync() is var code && code == 1 ? ExitCodes.Usage : code;
