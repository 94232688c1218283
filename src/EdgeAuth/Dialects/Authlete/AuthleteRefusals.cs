namespace EdgeAuth.Dialects.Authlete;

/// <summary>
/// The failures of calls. Where Authlete's documents leave the status or the code open, what is chosen here is one of the two (spec/authlete.md 0, 1 and 7).
/// </summary>
internal static class AuthleteRefusals
{
    private const string Malformed = "A000201";

    public static readonly AuthleteRefusal NoTls = new(400, "A001201", "Call over TLS: this gateway takes no other calls here.");
    public static readonly AuthleteRefusal NoCredentials = new(401, "A001202", "Send the service's API key and API secret by HTTP Basic.");
    public static readonly AuthleteRefusal CredentialsUnreadable = new(400, "A001203", "Send one Authorization field with Basic and the base64 of API key, colon and API secret.");
    public static readonly AuthleteRefusal ServiceUnknown = new(401, "A003201", "No service has this API key: send an API key of this gateway.");
    public static readonly AuthleteRefusal SecretWrong = new(401, "A003204", "The API secret is not this service's: send the right one.");

    public static readonly AuthleteRefusal NotFound = new(404, Malformed, "There is no such operation: see the paths of the token operations.");
    public static readonly AuthleteRefusal MethodWrong = new(405, Malformed, "The operation has another method: see the field Allow.");

    public static readonly AuthleteRefusal NoContentType = new(400, "A258201", "Send the body with a content type: application/json or application/x-www-form-urlencoded.");
    public static readonly AuthleteRefusal ContentTypeWrong = new(415, Malformed, "Send the body as application/json or application/x-www-form-urlencoded.");
    public static readonly AuthleteRefusal BodyTooLarge = new(413, Malformed, "The body is too large: send at most 256 KiB.");
    public static readonly AuthleteRefusal BodyMalformed = new(400, Malformed, "The body cannot be read: send one JSON object in UTF-8, or a form, with each member of its type.");
    public static readonly AuthleteRefusal QueryMalformed = new(400, Malformed, "The query cannot be read: check its percent encoding.");

    public static readonly AuthleteRefusal StartNotANumber = new(400, "A159201", "The parameter start must be a whole number.");
    public static readonly AuthleteRefusal StartNegative = new(400, "A159202", "The parameter start must not be negative.");
    public static readonly AuthleteRefusal EndNotANumber = new(400, "A159203", "The parameter end must be a whole number.");
    public static readonly AuthleteRefusal EndNegative = new(400, "A159204", "The parameter end must not be negative.");
    public static readonly AuthleteRefusal WindowTooWide = new(400, "A159205", "Ask for at most 1000 tokens at once: bring start and end closer together.");
    public static readonly AuthleteRefusal StatusUnknown = new(400, Malformed, "The parameter tokenStatus must be ALL, VALID or INVALID.");

    public static readonly AuthleteRefusal ClientUnknown = new(404, "A001218", "No client of this service has this identifier: check it.");
    public static readonly AuthleteRefusal ClientForeign = new(403, "A001219", "The client is of another service: call with that service's credentials.");

    public static readonly AuthleteRefusal NothingToRevoke = new(400, Malformed, "Say what to revoke: accessTokenIdentifier, refreshTokenIdentifier, clientIdentifier or subject.");

    public static readonly AuthleteRefusal IdentifierMissing = new(400, "A161201", "Put the token or its hash at the end of the path.");
    public static readonly AuthleteRefusal TokenUnknown = new(404, "A161202", "There is no such token, or there is none any more.");
    public static readonly AuthleteRefusal TokenForeign = new(403, "A161203", "The token is of another service: call with that service's credentials.");

    public static readonly AuthleteRefusal Unavailable = new(503, "A000101", "The store is unavailable, try again.");
    public static readonly AuthleteRefusal DeleteUnavailable = Unavailable with { Code = "A161101" };

    /// <summary>Nobody can call as this service yet.</summary>
    public static AuthleteRefusal NoSecret(string setting) => new(403, "A003203", $"This service has no API secret: set {setting}.");
}
