using System.Text.Json;
using EdgeAuth.Sessions;
using EdgeAuth.Storage;

namespace EdgeAuth.OAuth.Grants;

/// <summary>
/// Removes grants that ended with a change of their client, so that they are in no list any more. One write to the client ended them already: what a crash
/// leaves behind only takes room.
/// </summary>
internal sealed class GrantForgetter(IRecordStore store, TimeProvider time)
{
    private const int PageSize = 200;

    /// <summary>Removes every grant issued under a life of a client that is over.</summary>
    public ValueTask ForgetAsync(string realm, string clientId, ClientLife life) => ForgetAsync(GrantIndex.OfClient(realm, clientId, life), static _ => true);

    /// <summary>Removes the grants of a client whose access tokens were ended and that no refresh token keeps alive.</summary>
    public ValueTask ForgetUnrefreshableAsync(string realm, string clientId, ClientLife life)
    {
        var now = time.GetUtcNow();
        return ForgetAsync(GrantIndex.OfClient(realm, clientId, life), grant => grant.Life.AccessGeneration <= life.AccessGeneration && !grant.CanRefresh(now));
    }

    // What is begun is finished, whether or not its caller waits for it.
    private async ValueTask ForgetAsync(string index, Predicate<Grant> isOver)
    {
        var kept = 0;
        IndexPage page;
        do
        {
            page = await store.ListAsync(RecordKind.Grant, index, kept, PageSize, CancellationToken.None);
            var read = await store.GetManyAsync([.. page.Items.Select(static item => new RecordId(RecordKind.Grant, item.Id))], CancellationToken.None);
            List<RecordId> over = [.. read.OfType<StoredRecord>().Where(record => isOver(JsonSerializer.Deserialize(record.Payload.Span, OAuthJson.Default.Grant)!)).Select(static record => record.Id)];
            if (over.Count > 0)
            {
                await store.DeleteAllAsync(over, CancellationToken.None);
            }

            kept += page.Items.Count - over.Count;
        }
        while (page.Items.Count == PageSize);
    }
}
