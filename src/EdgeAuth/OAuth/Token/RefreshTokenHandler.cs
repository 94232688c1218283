using EdgeAuth.OAuth.Grants;
using EdgeAuth.Sessions;

namespace EdgeAuth.OAuth.Token;

/// <summary>
/// Rotates a refresh token: a new pair for the old one, which both end. A second use ends the whole grant, but for a repeat by the same
/// client within the grace period, which gets the same new pair again.
/// </summary>
internal sealed class RefreshTokenHandler(GrantRepository grants, GrantRevoker revoker, TokenIssuer tokens, UserTokens userTokens, KeyRepository keys, Invalidations invalidations, TimeProvider time) : IGrantHandler
{
    public string GrantType => "refresh_token";

    public async ValueTask<IssueResult> ExchangeAsync(TokenContext context, CancellationToken cancellationToken)
    {
        var text = context.Parameters["refresh_token"];
        if (text.Length == 0 || await grants.FindRefreshTokenAsync(text, cancellationToken) is not { } read
            || !string.Equals(read.Value.Realm, context.Realm.Id, StringComparison.Ordinal))
        {
            return IssueResult.Failed(OAuthFailure.InvalidGrant);
        }

        var token = read.Value;
        if (!string.Equals(token.ClientId, context.Client.Id, StringComparison.Ordinal))
        {
            return IssueResult.Failed(OAuthFailure.ForeignRefreshToken);
        }

        if (token.State == RefreshTokenState.Invalidated || !token.Life.SharesGrantsWith(context.Client.Life))
        {
            return IssueResult.Failed(OAuthFailure.InvalidGrant);
        }

        if (token.State == RefreshTokenState.Used)
        {
            return await ReplayAsync(token, text, cancellationToken);
        }

        if (await grants.FindAsync(token.GrantId, cancellationToken) is not { } grant)
        {
            return IssueResult.Failed(OAuthFailure.InvalidGrant);
        }

        var scope = context.Parameters["scope"];
        if (!IsNarrower(scope, grant.Value.Scope))
        {
            return IssueResult.Failed(OAuthFailure.InvalidScope);
        }

        return await RotateAsync(context, read, text, scope.Length > 0 ? grant with { Value = grant.Value with { Scope = scope } } : grant, grant.Value.Scope, cancellationToken);
    }

    private async ValueTask<IssueResult> RotateAsync(TokenContext context, Versioned<RefreshToken> read, string text, Versioned<Grant> grant, string grantedScope, CancellationToken cancellationToken)
    {
        // The new pair is there before the old one is spent, so a crash between the two leaves a refresh token that still works.
        var issued = await tokens.IssueAsync(context.Api, context.Client, grant, cancellationToken);
        if (issued.Tokens is not { } fresh)
        {
            return issued.IsOvertaken ? await ExchangeAsync(context, cancellationToken) : issued;
        }

        var grace = context.Realm.RefreshTokenGracePeriod;
        var used = read.Value with { State = RefreshTokenState.Used };
        if (grace > TimeSpan.Zero)
        {
            used = used with { GraceEnds = time.GetUtcNow() + grace, Successor = RotationGrace.Seal(fresh, text) };
        }

        if (!await grants.ReplaceAsync(text, used, read, cancellationToken))
        {
            // Another exchange was quicker, or management ended the token: the state it left decides.
            await tokens.DiscardAsync(grant.Value with { Scope = grantedScope }, KeyHash.Of(text), fresh, cancellationToken);
            return await ExchangeAsync(context, cancellationToken);
        }

        await EndAccessTokenAsync(used, cancellationToken);
        if (grant.Value is { IsOfUser: true, Subject: { Length: > 0 } user })
        {
            await userTokens.ReplaceAsync(UserTokens.UserOf(context.Api.OrgId, user), context.Client.Id, KeyHash.Of(fresh.AccessToken), cancellationToken);
        }

        return issued;
    }

    private async ValueTask EndAccessTokenAsync(RefreshToken rotated, CancellationToken cancellationToken)
    {
        if (KeyHash.TryParse(rotated.AccessToken, out var old))
        {
            await keys.DeleteAsync(old, cancellationToken);
            await invalidations.PublishKeyAsync(old, cancellationToken);
        }
    }

    private async ValueTask<IssueResult> ReplayAsync(RefreshToken token, string text, CancellationToken cancellationToken)
    {
        if (token is { GraceEnds: { } ends, Successor: { } successor } && time.GetUtcNow() < ends && RotationGrace.Open(successor, text) is { } same)
        {
            // A crash may have come between the rotation and the end of its access token.
            await EndAccessTokenAsync(token, cancellationToken);
            return IssueResult.Of(same);
        }

        await revoker.RevokeAsync(token.GrantId, cancellationToken);
        return IssueResult.Failed(OAuthFailure.InvalidGrant);
    }

    // Scopes may be given up but not added (RFC 6749 section 6).
    private static bool IsNarrower(string asked, string granted) =>
        asked.Split(' ', StringSplitOptions.RemoveEmptyEntries).All(granted.Split(' ', StringSplitOptions.RemoveEmptyEntries).Contains);
}
