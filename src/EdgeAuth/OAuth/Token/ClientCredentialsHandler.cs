using EdgeAuth.OAuth.Grants;
using EdgeAuth.OAuth.Records;
using EdgeAuth.Sessions;

namespace EdgeAuth.OAuth.Token;

/// <summary>Gives a client a token of its own policy. No refresh token goes with it.</summary>
internal sealed class ClientCredentialsHandler(TokenIssuer tokens) : IGrantHandler
{
    public string GrantType => "client_credentials";

    public ValueTask<IssueResult> ExchangeAsync(TokenContext context, CancellationToken cancellationToken)
    {
        var grant = new Grant
        {
            Id = TokenText.Hex(),
            Realm = context.Realm.Id,
            ClientId = context.Client.Id,
            GrantType = TokenGrantType.ClientCredentials,
            Scope = context.Parameters["scope"],
            Life = context.Client.Life,
        };
        return tokens.IssueAsync(context, grant, cancellationToken);
    }
}
