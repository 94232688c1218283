using System.Globalization;
using System.Text.Json;
using EdgeAuth.Sessions;
using EdgeAuth.Storage;

namespace EdgeAuth.OAuth.Clients;

/// <summary>Clients in the store, by realm and id.</summary>
internal sealed class ClientRepository(IRecordStore store)
{
    private const int PageSize = 500;

    public async ValueTask<Versioned<Client>?> FindAsync(string realm, string clientId, CancellationToken cancellationToken)
    {
        // The record's own realm decides: an id may have a slash in it.
        var record = clientId.Length == 0 ? null : await store.GetAsync(ClientRecordId.Of(realm, clientId), cancellationToken);
        return record is null ? null : new(Read(record), record.Version, record.Expires);
    }

    /// <summary>
    /// Writes several clients as one, each in the place of the one that was read, or of none; false, with nothing written, when another was quicker.
    /// </summary>
    public ValueTask<bool> PutAllAsync(IEnumerable<(Client Client, Versioned<Client>? Read)> clients, CancellationToken cancellationToken) =>
        store.PutAllAsync(
            [.. clients.Select(static put => Write(put.Client) with { Condition = put.Read is { } read ? PutCondition.Version(read.Version) : PutCondition.Absent })],
            cancellationToken);

    public ValueTask<bool> DeleteAsync(string realm, string clientId, CancellationToken cancellationToken) =>
        store.DeleteAsync(ClientRecordId.Of(realm, clientId), version: null, cancellationToken);

    /// <summary>Every client of a realm, in order of creation.</summary>
    public async ValueTask<IReadOnlyList<Client>> ListAsync(string realm, CancellationToken cancellationToken)
    {
        var clients = new List<Client>();
        IndexPage page;
        do
        {
            page = await store.ListAsync(RecordKind.Client, OfRealm(realm), clients.Count, PageSize, cancellationToken);
            var records = await store.GetManyAsync([.. page.Items.Select(static item => new RecordId(RecordKind.Client, item.Id))], cancellationToken);
            clients.AddRange(records.Where(static record => record is not null).Select(static record => Read(record!)));
        }
        while (page.Items.Count == PageSize);

        return clients;
    }

    /// <summary>The clients that go by a number: of one realm at most one, unless a client was given an id that is another's number.</summary>
    public async ValueTask<IReadOnlyList<(string Realm, string ClientId)>> FindNumberAsync(long number, CancellationToken cancellationToken)
    {
        var page = await store.ListAsync(RecordKind.Client, OfNumber(number), 0, PageSize, cancellationToken);
        return [.. page.Items.Select(static item => ClientRecordId.Parse(new RecordId(RecordKind.Client, item.Id)))];
    }

    private static string OfNumber(long number) => string.Create(CultureInfo.InvariantCulture, $"number:{number}");

    private static string OfRealm(string realm) => "realm:" + realm;

    private static Client Read(StoredRecord record) => JsonSerializer.Deserialize(record.Payload.Span, OAuthJson.Default.Client)!;

    private static RecordWrite Write(Client client) =>
        new(ClientRecordId.Of(client.Realm, client.Id), JsonSerializer.SerializeToUtf8Bytes(client, OAuthJson.Default.Client))
        {
            Index = [new IndexEntry(OfRealm(client.Realm), client.Created), new IndexEntry(OfNumber(client.Number), 0)],
        };
}
