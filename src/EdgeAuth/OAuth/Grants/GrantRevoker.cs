namespace EdgeAuth.OAuth.Grants;

/// <summary>Ends a grant, one of whose codes or refresh tokens was used a second time, and everything issued under it.</summary>
internal sealed class GrantRevoker(GrantRepository grants, GrantEnder ender, OAuthMetrics metrics, OAuthAudit audit)
{
    public async ValueTask RevokeAsync(string grantId, CancellationToken cancellationToken)
    {
        var until = (await grants.FindAsync(grantId, cancellationToken))?.StoredUntil;
        var (_, keyHashes) = await ender.EndAsync([(grantId, until)], cancellationToken);
        metrics.Revoked("grant");
        audit.Replayed(grantId, keyHashes);
    }
}
