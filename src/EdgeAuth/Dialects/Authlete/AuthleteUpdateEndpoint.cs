using EdgeAuth.OAuth.Records;
using EdgeAuth.Sessions;

namespace EdgeAuth.Dialects.Authlete;

/// <summary>Changes tokens (spec/authlete.md 1.5).</summary>
internal sealed class AuthleteUpdateEndpoint(RecordService records)
{
    private const string Done = "A135001";
    private const string NoneNamed = "A134201";
    private const string StoreFailed = "A135101";

    public async Task HandleAsync(AuthleteCall call)
    {
        if (await AuthleteBody.ReadAsync(call.Context, AuthleteJson.Default.AuthleteUpdateRequest, AuthleteUpdateRequest.Of) is not { } request)
        {
            return;
        }

        var name = new TokenName(request.AccessToken ?? "", request.AccessTokenHash ?? "", request.RefreshToken ?? "", request.RefreshTokenHash ?? "");
        if (name is { AccessToken: "", AccessTokenHash: "", RefreshToken: "", RefreshTokenHash: "" })
        {
            await RefuseAsync(call, AuthleteAction.BadRequest, NoneNamed, "Say which token: send accessToken or accessTokenHash.");
            return;
        }

        try
        {
            var result = await records.UpdateAsync(call.Catalog, call.Realm, name, Edit(request), call.Changes, call.Aborted);
            await (result.Record is { } record ? AnswerAsync(call, record, TextOf(result, record, name)) : RefuseAsync(call, result));
        }
        catch (Exception error) when (StoreTrouble.Is(error))
        {
            await RefuseAsync(call, AuthleteAction.InternalServerError, StoreFailed, "The store is unavailable, try again.");
        }
    }

    private static TokenEdit Edit(AuthleteUpdateRequest request) => new()
    {
        AccessTokenExpires = request.AccessTokenExpiresAt ?? 0,
        RefreshTokenExpires = request.RefreshTokenExpiresAt ?? 0,
        Scopes = AuthleteValues.List(request.Scopes),
        Properties = AuthleteValues.Properties(request.Properties),
        MovesAccessExpiry = request.AccessTokenExpiresAtUpdatedOnScopeUpdate ?? false,
        MovesRefreshExpiry = request.RefreshTokenExpiresAtUpdatedOnScopeUpdate ?? false,
        RenewsValue = request.AccessTokenValueUpdated ?? false,
        MakesPersistent = request.AccessTokenPersistent ?? false,
        CertificateThumbprint = AuthleteValues.Text(request.CertificateThumbprint),
        DpopKeyThumbprint = AuthleteValues.Text(request.DpopKeyThumbprint),
        AuthorizationDetails = AuthleteValues.Details(request.AuthorizationDetails),
        ForExternalAttachment = request.ForExternalAttachment ?? false,
        Problem = AuthleteValues.ProblemOfProperties(request.Properties) ?? AuthleteValues.ProblemOfDetails(request.AuthorizationDetails),
    };

    // The one that was sent, or a new one; one that was found by its hash only is not known.
    private static string? TextOf(RecordResult result, TokenRecord record, TokenName name) =>
        result.AccessToken ?? (name.AccessToken.Length > 0 && KeyHash.Of(name.AccessToken) == record.AccessToken ? name.AccessToken : null);

    private static Task AnswerAsync(AuthleteCall call, TokenRecord record, string? accessToken) => AuthleteAnswer.OkAsync(
        call.Context,
        Done,
        new AuthleteUpdateResponse(Done, AuthleteAnswer.Message(Done, "The token was updated."), AuthleteAction.Ok)
        {
            AccessToken = accessToken,
            AccessTokenExpiresAt = AuthleteRecords.Round(record.AccessTokenExpires),
            RefreshTokenExpiresAt = AuthleteRecords.Round(record.RefreshTokenExpires),
            TokenType = record.Details.TokenType,
            Scopes = AuthleteRecords.Scopes(record),
            Properties = AuthleteRecords.Properties(record),
            AuthorizationDetails = AuthleteRecords.Details(record),
            ForExternalAttachment = record.Details.ForExternalAttachment,
        },
        AuthleteJson.Default.AuthleteUpdateResponse);

    private static Task RefuseAsync(AuthleteCall call, RecordResult result)
    {
        var (action, code, text) = result.Refusal switch
        {
            RecordRefusal.TokenUnknown => (AuthleteAction.NotFound, "A134202", "There is no such token, or there is none any more."),
            RecordRefusal.TokenForeign => (AuthleteAction.Forbidden, "A134203", "The token is of another service: call with that service's credentials."),
            RecordRefusal.ClientGone => (AuthleteAction.InternalServerError, "A134107", "The token's client is gone: create a client and a token anew."),
            RecordRefusal.PropertiesTooLarge => (AuthleteAction.BadRequest, "A135201", "The properties are too large: send less than 49000 bytes of them."),
            _ => (AuthleteAction.BadRequest, "A135201", "A value cannot be taken."),
        };
        return RefuseAsync(call, action, code, result.Reason ?? text);
    }

    private static Task RefuseAsync(AuthleteCall call, string action, string code, string text) =>
        AuthleteAnswer.OkAsync(call.Context, code, new AuthleteUpdateResponse(code, AuthleteAnswer.Message(code, text), action), AuthleteJson.Default.AuthleteUpdateResponse, isRefused: true);
}
