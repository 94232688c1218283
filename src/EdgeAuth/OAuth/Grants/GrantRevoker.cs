using EdgeAuth.Sessions;

namespace EdgeAuth.OAuth.Grants;

/// <summary>Ends a grant, one of whose codes or refresh tokens was used a second time, and everything issued under it.</summary>
internal sealed class GrantRevoker(GrantRepository grants, Invalidations invalidations, OAuthMetrics metrics, OAuthAudit audit)
{
    /// <summary>
    /// The grant goes first, so that nothing issued meanwhile lives; its children are announced while they can still be found, so that a
    /// retry after a crash announces them again; then they go.
    /// </summary>
    public async ValueTask RevokeAsync(string grantId, CancellationToken cancellationToken)
    {
        await grants.DeleteAsync(grantId, cancellationToken);

        // Once begun it goes on, or the other nodes would never hear of it.
        var children = await grants.ListChildrenAsync(grantId, CancellationToken.None);
        await invalidations.PublishGrantAsync(grantId, children.KeyHashes, CancellationToken.None);
        await grants.DeleteAsync(children, CancellationToken.None);
        metrics.Revoked("grant");
        audit.Replayed(grantId, children.KeyHashes);
    }
}
