namespace EdgeAuth.OAuth.Token;

/// <summary>Issued tokens, or why there are none.</summary>
internal readonly record struct IssueResult(IssuedTokens? Tokens, OAuthFailure? Failure)
{
    /// <summary>True when the grant changed or ended while its tokens were made: the exchange starts over.</summary>
    public bool IsOvertaken => Tokens is null && Failure is null;

    public static IssueResult Overtaken => default;

    public static IssueResult Of(IssuedTokens tokens) => new(tokens, null);

    public static IssueResult Failed(OAuthFailure failure) => new(null, failure);
}
