using EdgeAuth.OAuth.Token;

namespace EdgeAuth.OAuth.Notifications;

/// <summary>What a resource provider is told of issued tokens; every member is always there (spec/tyk.md b.9).</summary>
internal sealed record KeyChangeNotification(string AuthCode, string NewOauthToken, string RefreshToken, string OldRefreshToken, string NotificationType)
{
    public static KeyChangeNotification Of(OAuthParameters request, IssuedTokens tokens) => new(
        request["code"],
        tokens.AccessToken,
        tokens.RefreshToken ?? "",
        request["refresh_token"],
        request["refresh_token"].Length > 0 ? "refresh" : "new");
}
