namespace EdgeAuth.Catalog.Definitions;

/// <summary><c>notifications</c>: where the resource provider hears of issued tokens (spec/tyk.md b.9).</summary>
internal sealed record NotificationSettings
{
    public string SharedSecret { get; init => field = value ?? ""; } = "";

    public string OauthOnKeychangeUrl { get; init => field = value ?? ""; } = "";
}
