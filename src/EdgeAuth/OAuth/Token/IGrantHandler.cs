namespace EdgeAuth.OAuth.Token;

/// <summary>Exchanges one type of grant for tokens (spec/tyk.md b.3).</summary>
internal interface IGrantHandler
{
    /// <summary>The value of <c>grant_type</c>.</summary>
    string GrantType { get; }

    ValueTask<IssueResult> ExchangeAsync(TokenContext context, CancellationToken cancellationToken);
}
