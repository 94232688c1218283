using EdgeAuth.OAuth.Clients;

namespace EdgeAuth.OAuth.Authorization;

/// <summary>The outcome of validating an authorization request.</summary>
/// <param name="Failure">Null when the request may go on.</param>
/// <param name="Client">The client, once it is known.</param>
/// <param name="RedirectUri">The redirect URI in force, once it is known.</param>
/// <param name="RegisteredUri">The client's first registered URI, on which errors are told; null before the client is known.</param>
internal sealed record ValidatedAuthorization(OAuthFailure? Failure, Client? Client, string RedirectUri, string? RegisteredUri);
