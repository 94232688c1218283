using EdgeAuth.OAuth.Records;
using EdgeAuth.Sessions;

namespace EdgeAuth.Dialects.Authlete;

/// <summary>Creates tokens (spec/authlete.md 1.1).</summary>
internal sealed class AuthleteCreateEndpoint(RecordService records)
{
    private const string Done = "A109001";
    private const string GrantTypeUnknown = "A104201";
    private const string GrantTypeRefresh = "A104202";
    private const string JwtImpossible = "A108205";
    private const string StoreFailed = "A108101";
    private const string ValueUnacceptable = "A109201";
    private const string ClaimsProblem = "jwtAtClaims must be a JSON object in a string.";

    public async Task HandleAsync(AuthleteCall call)
    {
        if (await AuthleteBody.ReadAsync(call.Context, AuthleteJson.Default.AuthleteCreateRequest, AuthleteCreateRequest.Of) is not { } request)
        {
            return;
        }

        if (AuthleteGrantTypes.Find(request.GrantType) is not { } grantType)
        {
            await (request.GrantType is AuthleteGrantTypes.RefreshToken
                ? RefuseAsync(call, AuthleteAction.BadRequest, GrantTypeRefresh, "No token is created by REFRESH_TOKEN: send the grant type that it should have come from.")
                : RefuseAsync(call, AuthleteAction.BadRequest, GrantTypeUnknown, "Send a grantType such as AUTHORIZATION_CODE or CLIENT_CREDENTIALS."));
            return;
        }

        var draft = Draft(request, grantType);
        try
        {
            var result = await records.CreateAsync(call.Catalog, call.Realm, draft, call.Changes, call.Aborted);
            await (result.Record is { } record ? AnswerAsync(call, record, result) : RefuseAsync(call, result));
        }
        catch (Exception error) when (StoreTrouble.Is(error))
        {
            await RefuseAsync(call, AuthleteAction.InternalServerError, StoreFailed, "The store is unavailable, try again.");
        }
    }

    private static TokenDraft Draft(AuthleteCreateRequest request, string grantType)
    {
        // Client credentials act for nobody, whoever is named (spec/authlete.md 2.1).
        var subject = grantType is TokenGrantType.ClientCredentials ? "" : request.Subject ?? "";
        var resources = AuthleteValues.List(request.Resources);
        return new TokenDraft
        {
            GrantType = grantType,
            ClientNumber = request.ClientId is > 0 and { } number ? number : -1,
            Subject = subject,
            Scopes = AuthleteValues.List(request.Scopes) ?? [],
            AccessTokenDuration = request.AccessTokenDuration ?? 0,
            RefreshTokenDuration = request.RefreshTokenDuration ?? 0,
            Properties = AuthleteValues.Properties(request.Properties) ?? [],
            AccessToken = AuthleteValues.Text(request.AccessToken),
            RefreshToken = AuthleteValues.Text(request.RefreshToken),
            IsPersistent = request.AccessTokenPersistent ?? false,
            Problem = Problem(request, subject, resources),
            Details = new TokenDetails
            {
                CertificateThumbprint = AuthleteValues.Text(request.CertificateThumbprint),
                DpopKeyThumbprint = AuthleteValues.Text(request.DpopKeyThumbprint),
                AuthorizationDetails = request.AuthorizationDetails is { Elements.Count: > 0 } ? AuthleteValues.Details(request.AuthorizationDetails) : null,
                Resources = resources is { Count: > 0 } ? resources : null,
                ForExternalAttachment = request.ForExternalAttachment ?? false,
                Acr = subject.Length > 0 ? AuthleteValues.Text(request.Acr) : null,
                AuthTime = subject.Length > 0 ? Math.Max(request.AuthTime ?? 0, 0) : 0,
                ClientAliasUsed = request.ClientIdAliasUsed ?? false,
            },
        };
    }

    private static string? Problem(AuthleteCreateRequest request, string subject, IReadOnlyList<string>? resources) =>
        AuthleteValues.ProblemOfProperties(request.Properties)
        ?? AuthleteValues.ProblemOfToken("accessToken", request.AccessToken)
        ?? AuthleteValues.ProblemOfToken("refreshToken", request.RefreshToken)
        ?? (request is { ClientIdAliasUsed: true, ClientEntityIdUsed: true } ? "clientIdAliasUsed and clientEntityIdUsed exclude each other: send one of them." : null)
        ?? (subject.Length > 0 && request.AuthTime < 0 ? "authTime must not be negative." : null)
        ?? AuthleteValues.ProblemOfResources(resources)
        ?? AuthleteValues.ProblemOfDetails(request.AuthorizationDetails)
        ?? (request.JwtAtClaims is { Length: > 0 } claims && !AuthleteValues.IsObject(claims) ? ClaimsProblem : null);

    private static Task AnswerAsync(AuthleteCall call, TokenRecord record, RecordResult result) => AuthleteAnswer.OkAsync(
        call.Context,
        Done,
        new AuthleteCreateResponse(Done, AuthleteAnswer.Message(Done, $"A token was created by the grant type {record.GrantType} for the client {record.Client.Number}."), AuthleteAction.Ok)
        {
            AccessToken = result.AccessToken,
            RefreshToken = result.RefreshToken,
            TokenType = record.Details.TokenType,
            ExpiresIn = record.AccessTokenExpires > 0 ? Math.Max(record.AccessTokenExpires - record.Created, 0) / 1000 : 0,
            ExpiresAt = record.AccessTokenExpires,
            GrantType = AuthleteGrantTypes.Of(record.GrantType),
            ClientId = record.Client.Number,
            Subject = AuthleteValues.Text(record.Subject),
            Scopes = AuthleteRecords.Scopes(record),
            Properties = AuthleteRecords.Properties(record),
            AuthorizationDetails = AuthleteRecords.Details(record),
            ForExternalAttachment = record.Details.ForExternalAttachment,
        },
        AuthleteJson.Default.AuthleteCreateResponse);

    private static Task RefuseAsync(AuthleteCall call, RecordResult result)
    {
        var (code, text) = Describe(result);
        return RefuseAsync(call, result.Refusal is RecordRefusal.ClientForeign ? AuthleteAction.Forbidden : AuthleteAction.BadRequest, code, result.Reason ?? text);
    }

    private static (string Code, string Text) Describe(RecordResult result) => result.Refusal switch
    {
        RecordRefusal.GrantTypeUnsupported => ("A104203", "The service issues no tokens by this grantType: choose another."),
        RecordRefusal.SubjectMissing => ("A105201", "This grantType needs a subject: send one."),
        RecordRefusal.SubjectTooLong => ("A105202", "The subject is too long: send at most 100 characters."),
        RecordRefusal.SubjectNotAscii => ("A105203", "The subject must be ASCII."),
        RecordRefusal.ScopeUnsupported => ("A106201", "The service does not support one of the scopes: leave it out, or declare it."),
        RecordRefusal.ClientUnknown or RecordRefusal.ClientGone => ("A107201", "No client of the service has this clientId: check it."),
        RecordRefusal.ClientForeign => ("A107202", "The client is of another service: call with that service's credentials."),
        RecordRefusal.PropertiesTooLarge => ("A108201", "The properties are too large: send less than 49000 bytes of them."),
        RecordRefusal.RefreshTokenUnsupported => ("A108202", "The service issues no refresh tokens: leave refreshToken out."),
        RecordRefusal.RefreshTokenOfImplicit => ("A108203", "There is no refresh token with IMPLICIT: leave refreshToken out."),
        RecordRefusal.RefreshTokenOfClientCredentials => ("A108204", "There is no refresh token with CLIENT_CREDENTIALS: leave refreshToken out."),
        RecordRefusal.AccessTokenInUse => ("A144201", "This accessToken is in use: send another, or none for a random one."),
        RecordRefusal.RefreshTokenInUse => ("A144202", "This refreshToken is in use: send another, or none for a random one."),
        _ => (ReferenceEquals(result.Reason, ClaimsProblem) ? JwtImpossible : ValueUnacceptable, "A value cannot be taken."),
    };

    private static Task RefuseAsync(AuthleteCall call, string action, string code, string text) =>
        AuthleteAnswer.OkAsync(call.Context, code, new AuthleteCreateResponse(code, AuthleteAnswer.Message(code, text), action), AuthleteJson.Default.AuthleteCreateResponse, isRefused: true);
}
