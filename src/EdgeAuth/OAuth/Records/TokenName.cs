namespace EdgeAuth.OAuth.Records;

/// <summary>How a caller names the token record to change: by the first that is not empty.</summary>
internal sealed record TokenName(string AccessToken, string AccessTokenHash, string RefreshToken, string RefreshTokenHash);
