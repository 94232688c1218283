using System.Text.Json;

namespace EdgeAuth.Catalog.Definitions;

/// <summary>Where a credential is looked for (spec/tyk.md d.3).</summary>
internal sealed record AuthConfig
{
    public string Name { get; init => field = value ?? ""; } = "";

    public bool UseParam { get; init; }

    public string ParamName { get; init => field = value ?? ""; } = "";

    public bool UseCookie { get; init; }

    public string CookieName { get; init => field = value ?? ""; } = "";

    public bool DisableHeader { get; init; }

    public string AuthHeaderName { get; init => field = value ?? ""; } = "";

    public bool UseCertificate { get; init; }

    public bool ValidateSignature { get; init; }

    public JsonElement? Signature { get; init; }
}
