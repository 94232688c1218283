namespace EdgeAuth.Dialects.Authlete;

/// <summary>The body of revoke (spec/authlete.md 2.4). The first that is given counts, in this order; the last two go together.</summary>
internal sealed record AuthleteRevokeRequest
{
    public string? AccessTokenIdentifier { get; init; }

    public string? RefreshTokenIdentifier { get; init; }

    public string? ClientIdentifier { get; init; }

    public string? Subject { get; init; }

    public static AuthleteRevokeRequest Of(AuthleteForm form) => new()
    {
        AccessTokenIdentifier = form.Text("accessTokenIdentifier"),
        RefreshTokenIdentifier = form.Text("refreshTokenIdentifier"),
        ClientIdentifier = form.Text("clientIdentifier"),
        Subject = form.Text("subject"),
    };
}
