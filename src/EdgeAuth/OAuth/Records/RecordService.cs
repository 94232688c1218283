using EdgeAuth.Catalog;
using EdgeAuth.Catalog.Writing;

namespace EdgeAuth.OAuth.Records;

/// <summary>Token records outside any OAuth flow: created, listed, changed and ended by management (spec/authlete.md 1).</summary>
internal sealed class RecordService(RecordCreator creator, RecordUpdater updater, RecordLister lister, RecordEnder ender)
{
    /// <summary>Makes tokens for a client of the realm.</summary>
    public ValueTask<RecordResult> CreateAsync(CompiledCatalog catalog, RealmSettings realm, TokenDraft draft, ChangeSet changes, CancellationToken cancellationToken) =>
        creator.CreateAsync(catalog, realm, draft, changes, cancellationToken);

    /// <summary>Changes one record.</summary>
    public ValueTask<RecordResult> UpdateAsync(CompiledCatalog catalog, RealmSettings realm, TokenName name, TokenEdit edit, ChangeSet changes, CancellationToken cancellationToken) =>
        updater.UpdateAsync(catalog, realm, name, edit, changes, cancellationToken);

    /// <summary>A slice of the records of a realm.</summary>
    public ValueTask<RecordPage> ListAsync(RealmSettings realm, RecordFilter filter, int offset, int count, CancellationToken cancellationToken) =>
        lister.ListAsync(realm, filter, offset, count, cancellationToken);

    /// <summary>Ends the record of an access or refresh token, given by value or by hash. Refused when there is none, or it is of another realm.</summary>
    public ValueTask<RecordRefusal> DeleteAsync(RealmSettings realm, string identifier, ChangeSet changes, CancellationToken cancellationToken) =>
        ender.DeleteAsync(realm, identifier, changes, cancellationToken);

    /// <summary>Ends the record of an access token, given by value or by hash; the number that were ended.</summary>
    public ValueTask<long> RevokeByAccessTokenAsync(RealmSettings realm, string identifier, ChangeSet changes, CancellationToken cancellationToken) =>
        ender.RevokeByAccessTokenAsync(realm, identifier, changes, cancellationToken);

    /// <summary>Ends the record of a refresh token, given by value or by hash; the number that were ended.</summary>
    public ValueTask<long> RevokeByRefreshTokenAsync(RealmSettings realm, string identifier, ChangeSet changes, CancellationToken cancellationToken) =>
        ender.RevokeByRefreshTokenAsync(realm, identifier, changes, cancellationToken);

    /// <summary>Ends every record that matches and existed when the call began; the number that were ended.</summary>
    public ValueTask<long> RevokeAllAsync(RealmSettings realm, RecordFilter filter, ChangeSet changes, CancellationToken cancellationToken) =>
        ender.RevokeAllAsync(realm, filter, changes, cancellationToken);
}
