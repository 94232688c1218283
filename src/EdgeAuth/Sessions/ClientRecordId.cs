using EdgeAuth.Storage;

namespace EdgeAuth.Sessions;

/// <summary>How the record of a Client is addressed: by its realm, which has no slash, and its id.</summary>
internal static class ClientRecordId
{
    public static RecordId Of(string realm, string clientId) => new(RecordKind.Client, realm + "/" + clientId);

    public static (string Realm, string ClientId) Parse(RecordId id)
    {
        var slash = id.Id.IndexOf('/', StringComparison.Ordinal);
        return (id.Id[..slash], id.Id[(slash + 1)..]);
    }
}
