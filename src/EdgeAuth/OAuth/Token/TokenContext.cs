using EdgeAuth.Catalog;
using EdgeAuth.OAuth.Clients;

namespace EdgeAuth.OAuth.Token;

/// <summary>An authenticated request at a token endpoint.</summary>
internal sealed record TokenContext(CompiledApi Api, Client Client, OAuthParameters Parameters)
{
    /// <summary>The client's version, where it was not read for this request: what is issued must be written only if that is its version still.</summary>
    public long? Unread { get; init; }

    public RealmSettings Realm => Api.Realm!;
}
