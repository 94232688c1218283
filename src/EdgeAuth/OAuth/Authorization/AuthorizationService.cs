using EdgeAuth.Catalog;
using EdgeAuth.Catalog.Writing;
using EdgeAuth.OAuth.Grants;
using EdgeAuth.OAuth.Records;
using EdgeAuth.OAuth.Token;
using EdgeAuth.Sessions;

namespace EdgeAuth.OAuth.Authorization;

/// <summary>Issues codes and implicit tokens for a user who approved (spec/tyk.md a.3).</summary>
internal sealed class AuthorizationService(AuthorizeValidator validator, GrantRepository grants, TokenIssuer tokens, TimeProvider time)
{
    /// <param name="request">The request.</param>
    /// <param name="rules">The rules of the tokens to come; null for the client's policy.</param>
    /// <param name="api">The API whose realm issues.</param>
    /// <param name="changes">Carries the change out.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    public async ValueTask<AuthorizationResult> AuthorizeAsync(AuthorizeRequest request, Session? rules, CompiledApi api, ChangeSet changes, CancellationToken cancellationToken)
    {
        var realm = api.Realm!;
        var validated = await validator.ValidateAsync(request, realm, cancellationToken);
        if (validated.Failure is { } failure)
        {
            return AuthorizationResult.Failed(failure, validated.RegisteredUri);
        }

        var client = validated.Client!;
        var isImplicit = request.ResponseType is "token";
        var grant = new Grant
        {
            Id = TokenText.Hex(),
            Realm = realm.Id,
            ClientId = client.Id,
            GrantType = isImplicit ? TokenGrantType.Implicit : TokenGrantType.AuthorizationCode,
            Scope = request.Scope,
            Rules = rules?.WithoutSecrets(),
            Life = client.Life,
        };
        if (isImplicit)
        {
            var issued = await tokens.IssueAsync(api, client, grant, withRefreshToken: false, changes, cancellationToken);
            return issued.Failure is { } noRules
                ? AuthorizationResult.Failed(noRules, validated.RegisteredUri)
                : AuthorizationResult.Token(validated.RedirectUri, issued.Tokens!);
        }

        var code = TokenText.Opaque();
        var expires = time.GetUtcNow() + realm.CodeLifetime;
        var record = new AuthorizationCode
        {
            Realm = realm.Id,
            ClientId = client.Id,
            GrantId = grant.Id,
            Life = client.Life,
            RedirectUri = validated.RedirectUri,
            CodeChallenge = request.CodeChallenge.Length > 0 ? request.CodeChallenge : null,
        };
        await changes.CommitAsync([Change.Added("grant", grant.Id, realm.Id, madeUp: true)], () => grants.AddCodeAsync(grant, code, record, expires, cancellationToken));
        return AuthorizationResult.WithCode(validated.RedirectUri, code);
    }
}
