namespace EdgeAuth.Catalog.Settings;

/// <summary>A service of the Authlete dialect: who calls, and which realm it works in.</summary>
public sealed class AuthleteServiceSettings
{
    /// <summary>The API secret that comes with the service's API key.</summary>
    public string? Secret { get; set; }

    /// <summary>The api_id of an API with <c>use_oauth2</c>, or <c>gateway</c>; empty takes the service's API key itself.</summary>
    public string Realm { get; set => field = value ?? ""; } = "";
}
