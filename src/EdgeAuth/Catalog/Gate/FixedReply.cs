using System.Text;
using EdgeAuth.Catalog.Definitions;

namespace EdgeAuth.Catalog.Gate;

/// <summary>An answer that a definition gives in place of the upstream's: exactly this status, body and these fields.</summary>
internal sealed record FixedReply(int Status, byte[] Body, IReadOnlyList<KeyValuePair<string, string>> Headers)
{
    public static FixedReply Of(MethodAction action) => Of(action.Code, action.Data, action.Headers);

    /// <summary>A status of 0 is 200.</summary>
    public static FixedReply Of(long code, string body, IReadOnlyDictionary<string, string>? headers) =>
        new(code == 0 ? 200 : (int)code, Encoding.UTF8.GetBytes(body), headers is null ? [] : [.. headers]);
}
