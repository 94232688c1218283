namespace EdgeAuth.Catalog;

/// <summary>A rate of all callers of an API together: of the whole API, or of one path and method (spec/tyk.md d.2 step 11).</summary>
/// <param name="api">The API's id.</param>
/// <param name="scope">Separates the counters of one API; empty is the one of the whole API. It is the same over reloads, so the counter is too.</param>
/// <param name="limit">The rate in force.</param>
internal sealed class ApiRate(string api, string scope, RateLimit limit)
{
    public string Api => api;

    public string Scope => scope;

    public RateLimit Limit => limit;

    /// <summary>What the limiter keeps here; nothing in this folder looks into it.</summary>
    public object? Counter { get; set; }
}
