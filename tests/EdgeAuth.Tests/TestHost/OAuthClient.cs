namespace EdgeAuth.Tests.TestHost;

/// <summary>A client that a test created.</summary>
internal sealed record OAuthClient(string Id, string Secret, string RedirectUri);
