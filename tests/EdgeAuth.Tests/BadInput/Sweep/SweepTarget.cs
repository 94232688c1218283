using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace EdgeAuth.Tests.BadInput.Sweep;

/// <summary>Whose errors a target answers with.</summary>
internal enum Surface
{
    /// <summary>The management API: status messages.</summary>
    Management,

    /// <summary>The OAuth endpoints of an API: RFC 6749's errors or status messages (spec/tyk.md a, b).</summary>
    OAuth,

    /// <summary>An API's traffic in rfc style: problem+json.</summary>
    Traffic,

    /// <summary>An API's traffic in tyk style.</summary>
    TykTraffic,

    /// <summary>Authlete's token operations: a result code and message, and an action where the call was well formed (spec/authlete.md 0).</summary>
    Authlete,

    /// <summary>Liveness, readiness, metrics and what is reserved.</summary>
    Plain,
}

/// <summary>One call of the gateway, as it is made by somebody who means well.</summary>
internal sealed record SweepTarget(string Method, string Path, Surface Surface)
{
    /// <summary>With its question mark; empty for none.</summary>
    public string Query { get; init; } = "";

    /// <summary>Fields beside the host, the body's and the management secret.</summary>
    public IReadOnlyList<string> Fields { get; init; } = [];

    public SweepBody? Body { get; init; }

    /// <summary>Asks for the management secret.</summary>
    public bool IsGuarded { get; init; }

    /// <summary>Asks for a credential in <c>Authorization</c>, and takes none from elsewhere.</summary>
    public bool AsksForCredential { get; init; }

    /// <summary>Every method that is served at the path; empty where all are.</summary>
    public IReadOnlyList<string> Served { get; init; } = [];

    /// <summary>Meant well, and refused all the same: a call that does not exist in this form.</summary>
    public bool IsAlwaysRefused { get; init; }

    public bool IsTraffic => Surface is Surface.Traffic or Surface.TykTraffic;

    public override string ToString() => $"{Method} {Path}";
}

/// <summary>What a target reads from a body.</summary>
internal abstract record SweepBody(string ContentType);

/// <summary>A JSON document.</summary>
/// <param name="Type">What it is read as.</param>
/// <param name="Sample">One that is taken.</param>
internal sealed record JsonBody(JsonTypeInfo Type, JsonObject Sample) : SweepBody("application/json")
{
    /// <summary>No document at all is one too.</summary>
    public bool MayBeEmpty { get; init; }

    /// <summary>Something may stand behind the document.</summary>
    public bool MayTrail { get; init; } = true;

    /// <summary>The bytes from which on a document is refused for its size alone.</summary>
    public int Limit { get; init; } = 1024 * 1024;
}

/// <summary>A form.</summary>
/// <param name="Fields">What is sent.</param>
/// <param name="Required">Without which the call is refused.</param>
internal sealed record FormBody(IReadOnlyList<(string Name, string Value)> Fields, IReadOnlyList<string> Required) : SweepBody("application/x-www-form-urlencoded")
{
    /// <summary>RFC 6749 section 3.2: no parameter twice.</summary>
    public bool RefusesRepeated { get; init; }

    /// <summary>Takes parameters from the query too, and refuses a malformed one.</summary>
    public bool ReadsQuery { get; init; }

    /// <summary>A field that holds a session object.</summary>
    public JsonBody? Rules { get; init; }

    public static string Encode(IEnumerable<(string Name, string Value)> fields) => string.Join('&', fields.Select(static field => $"{field.Name}={Uri.EscapeDataString(field.Value)}"));
}
