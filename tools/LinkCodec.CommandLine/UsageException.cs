namespace LinkCodec.CommandLine;

/// <summary>The command line asks for something that cannot be meant: exit code 2.</summary>
public sealed class UsageException(string message, Exception? cause = null) : Exception(message, cause);
