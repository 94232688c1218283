using EdgeAuth.Catalog.Descriptions;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAuth.Dialects.Authlete;

/// <summary>Every call below <c>/api/auth/token</c> (spec/authlete.md 1): how it is answered, and what callers are told of it.</summary>
internal static class AuthleteTable
{
    public static IReadOnlyList<AuthleteRoute> Of(IServiceProvider services) =>
    [
        new("/create", services.GetRequiredService<AuthleteCreateEndpoint>().HandleAsync, new("POST", "Create an access token, perhaps with a refresh token, outside any OAuth flow.")
        {
            Bodies = [OperationContent.Of(static () => AuthleteJson.Default.AuthleteCreateRequest)],
            Answers = [OperationContent.Of(static () => AuthleteJson.Default.AuthleteCreateResponse)],
        }),
        new("/delete/{**" + AuthleteIdentifier.Parameter + "}", services.GetRequiredService<AuthleteDeleteEndpoint>().HandleAsync, new("DELETE", "Delete a token by its value or hash, and with it the one that belongs to it.") { Status = 204 }),
        new("/get/list", services.GetRequiredService<AuthleteListEndpoint>().HandleAsync, new("GET", "List the tokens of the service, of a client, of a user, or of both.")
        {
            Query =
            [
                new("clientIdentifier", "A client's number or id."),
                new("subject", "A user."),
                new("start", "The position of the first token that is wanted; 0 unless given."),
                new("end", "The position behind the last one; 5 unless given."),
                new("tokenStatus", "ALL, VALID or INVALID; ALL unless given."),
            ],
            Answers = [OperationContent.Of(static () => AuthleteJson.Default.AuthleteTokenList)],
        }),
        new("/revoke", services.GetRequiredService<AuthleteRevokeEndpoint>().HandleAsync, new("POST", "Revoke a token, or all tokens of a client, of a user, or of both.")
        {
            Bodies = [OperationContent.Of(static () => AuthleteJson.Default.AuthleteRevokeRequest)],
            Answers = [OperationContent.Of(static () => AuthleteJson.Default.AuthleteRevokeResponse)],
        }),
        new("/update", services.GetRequiredService<AuthleteUpdateEndpoint>().HandleAsync, new("POST", "Change scopes, properties, expiry or value of an access token.")
        {
            Bodies = [OperationContent.Of(static () => AuthleteJson.Default.AuthleteUpdateRequest)],
            Answers = [OperationContent.Of(static () => AuthleteJson.Default.AuthleteUpdateResponse)],
        }),
    ];
}
