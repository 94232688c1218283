using EdgeAuth.Benchmarks.Load.Parts;

namespace EdgeAuth.Benchmarks.Load.Driver;

/// <summary>One way through a program that is measured: where requests go, with which credentials, and what must come back.</summary>
internal sealed record Contender(string Name, Part Part, string Does)
{
    /// <summary>The name of the port; the contender's own when it has one.</summary>
    public string Port { get; init; } = Name;

    public string Path { get; init; } = "/load/x";

    /// <summary>The file of the credentials, in the run's folder.</summary>
    public string Credentials { get; init; } = "tokens";

    /// <summary>What stands before each credential.</summary>
    public string Scheme { get; init; } = "Bearer ";

    /// <summary>Whether each request carries a credential that was never sent before.</summary>
    public bool Fresh { get; init; }

    /// <summary>Whether a wrong credential must be refused.</summary>
    public bool Authenticates { get; init; }

    /// <summary>Whether every request is to be refused.</summary>
    public bool Refuses { get; init; }
}
