using EdgeAuth.OAuth.Clients;
using EdgeAuth.OAuth.Records;

namespace EdgeAuth.Dialects.Authlete;

/// <summary>Revokes tokens, one or many (spec/authlete.md 1.4).</summary>
internal sealed class AuthleteRevokeEndpoint(RecordService records, ClientFinder clients)
{
    private const string Done = "A312001";

    public async Task HandleAsync(AuthleteCall call)
    {
        if (await AuthleteBody.ReadAsync(call.Context, AuthleteJson.Default.AuthleteRevokeRequest, AuthleteRevokeRequest.Of) is not { } request)
        {
            return;
        }

        // The first that is given decides, though it may match nothing.
        await (request switch
        {
            { AccessTokenIdentifier: { Length: > 0 } accessToken } => AnswerAsync(call, await records.RevokeByAccessTokenAsync(call.Realm, accessToken, call.Changes, call.Aborted)),
            { RefreshTokenIdentifier: { Length: > 0 } refreshToken } => AnswerAsync(call, await records.RevokeByRefreshTokenAsync(call.Realm, refreshToken, call.Changes, call.Aborted)),
            { ClientIdentifier: { Length: > 0 } client } => RevokeOfClientAsync(call, client, request.Subject ?? ""),
            { Subject: { Length: > 0 } subject } => RevokeAllAsync(call, new RecordFilter(Client: null, subject)),
            _ => AuthleteAnswer.RefuseAsync(call.Context, AuthleteRefusals.NothingToRevoke),
        });
    }

    private async Task RevokeOfClientAsync(AuthleteCall call, string identifier, string subject)
    {
        var (client, isForeign) = await clients.FindAsync(call.Realm, identifier, call.Aborted);
        await (client is null
            ? AuthleteAnswer.RefuseAsync(call.Context, isForeign ? AuthleteRefusals.ClientForeign : AuthleteRefusals.ClientUnknown)
            : RevokeAllAsync(call, new RecordFilter(client, subject)));
    }

    private async Task RevokeAllAsync(AuthleteCall call, RecordFilter filter) => await AnswerAsync(call, await records.RevokeAllAsync(call.Realm, filter, call.Changes, call.Aborted));

    private static Task AnswerAsync(AuthleteCall call, long count) => AuthleteAnswer.OkAsync(
        call.Context,
        Done,
        new AuthleteRevokeResponse(Done, AuthleteAnswer.Message(Done, $"Access tokens revoked: {count}."), (int)Math.Min(count, int.MaxValue)),
        AuthleteJson.Default.AuthleteRevokeResponse);
}
