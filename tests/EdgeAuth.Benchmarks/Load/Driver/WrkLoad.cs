namespace EdgeAuth.Benchmarks.Load.Driver;

/// <summary>What wrk is to send: where to, with the credentials of which file after what.</summary>
internal sealed record WrkLoad(string Address, string Credentials, string Scheme, int Connections, int Seconds)
{
    /// <summary>Whether each request carries a credential that was never sent before.</summary>
    public bool Fresh { get; init; }

    /// <summary>A form to post.</summary>
    public string? Form { get; init; }

    /// <summary>Bytes to post.</summary>
    public int? BodySize { get; init; }

    /// <summary>Milliseconds that a connection waits before each request, on average.</summary>
    public int? Pace { get; init; }
}
