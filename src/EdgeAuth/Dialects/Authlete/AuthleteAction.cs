namespace EdgeAuth.Dialects.Authlete;

/// <summary>What create and update did, or why they did not (spec/authlete.md 0, the second layer).</summary>
internal static class AuthleteAction
{
    public const string Ok = "OK";
    public const string BadRequest = "BAD_REQUEST";
    public const string Forbidden = "FORBIDDEN";
    public const string NotFound = "NOT_FOUND";
    public const string InternalServerError = "INTERNAL_SERVER_ERROR";
}
