namespace EdgeAuth.OAuth.Authorization;

/// <summary>An authorization request as sent, at either endpoint (spec/tyk.md a.3, b.1).</summary>
internal sealed record AuthorizeRequest
{
    public required string ResponseType { get; init; }

    public required string ClientId { get; init; }

    public required string RedirectUri { get; init; }

    public required string State { get; init; }

    public required string Scope { get; init; }

    public required string CodeChallenge { get; init; }

    public required string CodeChallengeMethod { get; init; }

    public static AuthorizeRequest From(OAuthParameters parameters) => new()
    {
        ResponseType = parameters["response_type"],
        ClientId = parameters["client_id"],
        RedirectUri = parameters["redirect_uri"],
        State = parameters["state"],
        Scope = parameters["scope"],
        CodeChallenge = parameters["code_challenge"],
        CodeChallengeMethod = parameters["code_challenge_method"],
    };
}
