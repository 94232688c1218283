namespace EdgeAuth.OAuth.Token;

/// <summary>Issued tokens, or why there are none.</summary>
internal readonly record struct IssueResult(IssuedTokens? Tokens, OAuthFailure? Failure)
{
    public static IssueResult Of(IssuedTokens tokens) => new(tokens, null);

    public static IssueResult Failed(OAuthFailure failure) => new(null, failure);
}
