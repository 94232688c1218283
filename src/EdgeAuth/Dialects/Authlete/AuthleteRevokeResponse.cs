namespace EdgeAuth.Dialects.Authlete;

/// <summary>The answer to revoke (spec/authlete.md 2.4): how many were revoked, each token with its refresh token as one.</summary>
internal sealed record AuthleteRevokeResponse(string ResultCode, string ResultMessage, int Count);
