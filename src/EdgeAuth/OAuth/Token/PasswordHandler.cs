using System.Text.Json;
using EdgeAuth.Catalog.Writing;
using EdgeAuth.OAuth.Clients;
using EdgeAuth.OAuth.Grants;
using EdgeAuth.OAuth.Records;
using EdgeAuth.Sessions;

namespace EdgeAuth.OAuth.Token;

/// <summary>
/// Gives the client of a user a token with a copy of the user's session. A user is a key with a password, stored under organisation and user name.
/// Of each user and client one access token lives at a time (spec/tyk.md b.3).
/// </summary>
internal sealed class PasswordHandler(KeyRepository keys, SecretHasher secrets, TokenIssuer tokens, UserTokens userTokens, TimeProvider time) : IGrantHandler
{
    private const string DeveloperMail = "tyk_developer_email";

    public string GrantType => "password";

    public async ValueTask<IssueResult> ExchangeAsync(TokenContext context, CancellationToken cancellationToken)
    {
        var (name, password) = (context.Parameters["username"], context.Parameters["password"]);
        if (name.Length == 0 || password.Length == 0)
        {
            return IssueResult.Failed(OAuthFailure.InvalidGrant);
        }

        var hash = UserTokens.UserOf(context.Api.OrgId, name);
        if (await keys.FindAsync(hash, cancellationToken) is not { Value: var user } || user.Session.BasicAuthData is not { Password.Length: > 0 } data)
        {
            await secrets.SpendAsync(password, cancellationToken);
            return IssueResult.Failed(OAuthFailure.AccessDenied);
        }

        if (!await secrets.VerifyAsync(password, data.Password, cancellationToken) || Session.HasExpired(user.Session.Expires, time.GetUtcNow()))
        {
            return IssueResult.Failed(OAuthFailure.AccessDenied);
        }

        var grant = new Grant
        {
            Id = TokenText.Hex(),
            Realm = context.Realm.Id,
            ClientId = context.Client.Id,
            GrantType = TokenGrantType.Password,
            IsOfUser = true,
            Subject = name,
            Scope = context.Parameters["scope"],
            Rules = RulesOf(user.Session, context.Client),
            Life = context.Client.Life,
        };
        var issued = await tokens.IssueAsync(context.Api, context.Client, grant, withRefreshToken: true, ChangeSet.CarriedOut, cancellationToken);
        if (issued.Tokens is { } fresh)
        {
            await userTokens.ReplaceAsync(hash, context.Client.Id, KeyHash.Of(fresh.AccessToken), cancellationToken);
        }

        return issued;
    }

    // What makes a key a user, or a verifier of JWTs, would keep the token from being a credential. The client's data takes the place of the user's; an e-mail address in it becomes the alias.
    private static Session RulesOf(Session user, Client client)
    {
        var rules = user.WithoutSecrets();
        if (client.MetaData is not { ValueKind: JsonValueKind.Object } data)
        {
            return rules;
        }

        var metaData = data.EnumerateObject().GroupBy(static member => member.Name, StringComparer.Ordinal)
            .ToDictionary(static group => group.Key, static group => group.Last().Value, StringComparer.Ordinal);
        return metaData.Remove(DeveloperMail, out var mail) && mail.ValueKind == JsonValueKind.String
            ? rules with { MetaData = metaData, Alias = mail.GetString()! }
            : rules with { MetaData = metaData };
    }
}
