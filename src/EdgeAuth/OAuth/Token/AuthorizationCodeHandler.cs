using System.Net;
using System.Security.Cryptography;
using System.Text;
using EdgeAuth.OAuth.Authorization;
using EdgeAuth.OAuth.Grants;
using Microsoft.AspNetCore.WebUtilities;

namespace EdgeAuth.OAuth.Token;

/// <summary>Exchanges an authorization code, once. A second use ends what the first one got (RFC 6749 section 4.1.2).</summary>
internal sealed class AuthorizationCodeHandler(GrantRepository grants, GrantRevoker revoker, TokenIssuer tokens) : IGrantHandler
{
    public string GrantType => "authorization_code";

    public async ValueTask<IssueResult> ExchangeAsync(TokenContext context, CancellationToken cancellationToken)
    {
        var text = context.Parameters["code"];
        if (text.Length == 0 || await grants.FindCodeAsync(text, cancellationToken) is not { } read
            || !string.Equals(read.Value.Realm, context.Realm.Id, StringComparison.Ordinal)
            || !string.Equals(read.Value.ClientId, context.Client.Id, StringComparison.Ordinal))
        {
            return IssueResult.Failed(OAuthFailure.InvalidGrant);
        }

        var code = read.Value;
        if (code.Used)
        {
            await revoker.RevokeAsync(code.GrantId, cancellationToken);
            return IssueResult.Failed(OAuthFailure.InvalidGrant);
        }

        if (!code.Life.SharesGrantsWith(context.Client.Life))
        {
            return IssueResult.Failed(OAuthFailure.InvalidGrant);
        }

        if (CheckRedirect(context, code) is { } failure)
        {
            return IssueResult.Failed(failure);
        }

        if (!VerifiesChallenge(code.CodeChallenge, context.Parameters["code_verifier"])
            || await grants.FindAsync(code.GrantId, cancellationToken) is not { } grant)
        {
            return IssueResult.Failed(OAuthFailure.InvalidGrant);
        }

        // The tokens are there before the code is spent, so a crash between the two leaves a code that still works.
        var issued = await tokens.IssueAsync(context.Api, context.Client, grant, cancellationToken);
        if (issued.IsOvertaken)
        {
            return await ExchangeAsync(context, cancellationToken);
        }

        if (issued.Tokens is not null && !await grants.ReplaceAsync(text, code with { Used = true }, read, cancellationToken))
        {
            // Another exchange was quicker: this one is the replay.
            await revoker.RevokeAsync(code.GrantId, cancellationToken);
            return IssueResult.Failed(OAuthFailure.InvalidGrant);
        }

        return issued;
    }

    // A mismatch leaves the code as it is (spec/tyk.md b.3).
    private static OAuthFailure? CheckRedirect(TokenContext context, AuthorizationCode code)
    {
        var registered = RedirectUris.Registered(context.Client.RedirectUri, context.Realm);
        if (registered.Length == 0)
        {
            return OAuthFailure.NoRedirectUri;
        }

        // The authorization request's was unescaped once more than a form needs (spec/tyk.md a.3), so the same text is the same URI here too.
        var sent = context.Parameters["redirect_uri"] is { Length: > 0 } given ? given : registered[0];
        return string.Equals(sent, code.RedirectUri, StringComparison.Ordinal) || string.Equals(WebUtility.UrlDecode(sent), code.RedirectUri, StringComparison.Ordinal)
            ? null
            : OAuthFailure.RedirectMismatch;
    }

    // RFC 7636 section 4.6; a verifier without a challenge is a downgrade (RFC 9700 section 2.1.1).
    private static bool VerifiesChallenge(string? challenge, string verifier)
    {
        if (challenge is null)
        {
            return verifier.Length == 0;
        }

        var computed = WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
        return verifier.Length > 0 && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(computed), Encoding.ASCII.GetBytes(challenge));
    }
}
