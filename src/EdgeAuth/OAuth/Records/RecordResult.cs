namespace EdgeAuth.OAuth.Records;

/// <summary>A token record as it is after a change, or why there was none. The texts of new tokens exist here only.</summary>
internal sealed record RecordResult
{
    /// <summary>Null when it was refused.</summary>
    public TokenRecord? Record { get; private init; }

    public RecordRefusal Refusal { get; private init; }

    /// <summary>What the caller should change, where <see cref="Refusal"/> alone does not say; without any credential.</summary>
    public string? Reason { get; private init; }

    /// <summary>The access token's text, where it is known.</summary>
    public string? AccessToken { get; private init; }

    /// <summary>The refresh token's text, where it is known.</summary>
    public string? RefreshToken { get; private init; }

    public static RecordResult Of(TokenRecord record, string? accessToken, string? refreshToken) => new() { Record = record, AccessToken = accessToken, RefreshToken = refreshToken };

    public static RecordResult Refused(RecordRefusal refusal, string? reason = null) => new() { Refusal = refusal, Reason = reason };
}
