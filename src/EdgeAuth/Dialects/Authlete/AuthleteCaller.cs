using EdgeAuth.Catalog;

namespace EdgeAuth.Dialects.Authlete;

/// <summary>A service that has shown its secret.</summary>
/// <param name="Name">Its API key.</param>
/// <param name="Catalog">The generation that the call sees.</param>
/// <param name="Realm">The realm it works in.</param>
internal sealed record AuthleteCaller(string Name, CompiledCatalog Catalog, RealmSettings Realm);
