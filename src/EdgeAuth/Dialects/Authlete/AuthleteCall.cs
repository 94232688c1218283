using EdgeAuth.Catalog;
using EdgeAuth.Catalog.Writing;
using Microsoft.AspNetCore.Http;

namespace EdgeAuth.Dialects.Authlete;

/// <summary>A call of a service that may make it.</summary>
/// <param name="Context">The request.</param>
/// <param name="Catalog">The generation that it sees.</param>
/// <param name="Realm">The realm that it is about.</param>
/// <param name="Changes">Through which it makes its changes.</param>
internal sealed record AuthleteCall(HttpContext Context, CompiledCatalog Catalog, RealmSettings Realm, ChangeSet Changes)
{
    public CancellationToken Aborted => Context.RequestAborted;
}
