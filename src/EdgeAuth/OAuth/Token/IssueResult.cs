namespace EdgeAuth.OAuth.Token;

/// <summary>Issued tokens, or why there are none.</summary>
internal readonly record struct IssueResult(IssuedTokens? Tokens, OAuthFailure? Failure)
{
    /// <summary>The grant changed since it was read, or went: whoever read it reads anew.</summary>
    public static IssueResult Outdated => default;

    public bool IsOutdated => Tokens is null && Failure is null;

    public static IssueResult Of(IssuedTokens tokens) => new(tokens, null);

    public static IssueResult Failed(OAuthFailure failure) => new(null, failure);
}
