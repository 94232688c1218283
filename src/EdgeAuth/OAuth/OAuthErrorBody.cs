namespace EdgeAuth.OAuth;

/// <summary>An error of RFC 6749 section 5.2, with the members that Tyk adds for authorization requests.</summary>
internal sealed record OAuthErrorBody(string Error, string ErrorDescription, string? RedirectTo = null, string? State = null);
