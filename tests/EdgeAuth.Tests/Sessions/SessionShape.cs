using System.Text.Json.Nodes;

namespace EdgeAuth.Tests.Sessions;

/// <summary>
/// The session object of spec c as a document: 0 is a whole number, 0.5 any number, a list holds what its members are, "*" stands for any
/// name, "?" marks an object that may be absent, and null is data that is kept as it is.
/// </summary>
internal static class SessionShape
{
    private const string Limit = """{"?":0,"rate":0.5,"per":0.5,"smoothing":null,"throttle_interval":0.5,"throttle_retry_limit":0,"max_query_depth":0,"quota_max":0,"quota_renews":0,"quota_remaining":0,"quota_renewal_rate":0}""";

    private const string Rate = """{"rate":0.5,"per":0.5}""";

    private const string Right = $$"""
        {"api_name":"","api_id":"","versions":[""],"allowed_urls":[{"url":"","methods":[""]}],"restricted_types":null,"allowed_types":null,"field_access_rights":null,"disable_introspection":false,
        "limit":{{Limit}},"allowance_scope":"","endpoints":[{"path":"","methods":[{"name":"","limit":{{Rate}}}]}]}
        """;

    /// <summary>What the spec wants on every answer, zero or not.</summary>
    public static readonly string[] AlwaysWritten =
        ["last_check", "allowance", "rate", "per", "throttle_interval", "throttle_retry_limit", "date_created", "expires", "quota_max", "quota_renews", "quota_remaining", "quota_renewal_rate", "access_rights", "org_id", "oauth_client_id", "apply_policies", "is_inactive", "meta_data", "tags", "alias", "last_updated"];

    public static JsonObject Session { get; } = JsonNode.Parse($$"""
        {"last_check":0,"allowance":0.5,"rate":0.5,"per":0.5,"throttle_interval":0.5,"throttle_retry_limit":0,"max_query_depth":0,"date_created":"","expires":0,"quota_max":0,"quota_renews":0,"quota_remaining":0,
        "quota_renewal_rate":0,"access_rights":{"*":{{Right}}},"org_id":"","oauth_client_id":"","oauth_keys":{"*":""},"certificate":"","mtls_static_certificate_bindings":[""],"basic_auth_data":{"?":0,"password":"","hash_type":""},
        "jwt_data":null,"hmac_enabled":false,"enable_http_signature_validation":false,"hmac_string":"","rsa_certificate_id":"","is_inactive":false,"apply_policy_id":"","apply_policies":[""],"data_expires":0,"monitor":null,
        "enable_detail_recording":false,"enable_detailed_recording":false,"meta_data":{"?":0,"*":null},"tags":[""],"alias":"","last_updated":"","id_extractor_deadline":0,"session_lifetime":0,"post_expiry_action":"",
        "post_expiry_grace_period":0,"smoothing":null}
        """)!.AsObject();

    /// <summary>A document with everything that it leaves out or sets to null written out as zero, and nothing that the shape does not know.</summary>
    public static JsonNode? Normal(JsonNode? document, JsonNode? shape) => shape switch
    {
        null => document?.DeepClone(),
        JsonArray list => new JsonArray([.. (document as JsonArray ?? []).Select(member => Normal(member, list[0]))]),
        JsonObject optional when optional.ContainsKey("?") && document is null => null,
        JsonObject map when map.ContainsKey("*") => new JsonObject((document as JsonObject ?? []).Select(member => KeyValuePair.Create(member.Key, Normal(member.Value, map["*"])))),
        JsonObject members => new JsonObject(members.Where(static member => member.Key != "?").Select(member => KeyValuePair.Create(member.Key, Normal(Find(document as JsonObject, member.Key), member.Value)))),
        _ => document?.DeepClone() ?? (shape.ToJsonString() is "0.5" ? JsonValue.Create(0) : shape.DeepClone()),
    };

    // In any case; the last of several counts.
    private static JsonNode? Find(JsonObject? document, string name) =>
        document?.LastOrDefault(member => string.Equals(member.Key, name, StringComparison.OrdinalIgnoreCase)).Value;
}
