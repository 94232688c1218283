using EdgeAuth.Catalog;
using EdgeAuth.OAuth.Clients;

namespace EdgeAuth.OAuth.Token;

/// <summary>An authenticated request at a token endpoint.</summary>
internal sealed record TokenContext(CompiledApi Api, Client Client, OAuthParameters Parameters)
{
    public RealmSettings Realm => Api.Realm!;
}
