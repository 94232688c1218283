namespace EdgeAuth.Dialects.Authlete;

/// <summary>RFC 9396 in Authlete's form: an object around the list.</summary>
internal sealed record AuthleteAuthorizationDetails(IReadOnlyList<AuthleteAuthorizationElement?>? Elements = null);
