using System.Text.Json.Nodes;

namespace EdgeAuth.SystemTests.TestHost;

/// <summary>Definitions as a team writes them.</summary>
internal static class Definitions
{
    public static JsonObject OAuth(string id, string upstream, string login = "http://127.0.0.1/login") => new()
    {
        ["api_id"] = id,
        ["name"] = id,
        ["use_oauth2"] = true,
        ["oauth_meta"] = new JsonObject
        {
            ["allowed_access_types"] = new JsonArray("authorization_code", "refresh_token", "client_credentials"),
            ["allowed_authorize_types"] = new JsonArray("code", "token"),
            ["auth_login_redirect"] = login,
        },
        ["version_data"] = new JsonObject { ["not_versioned"] = true },
        ["proxy"] = new JsonObject { ["listen_path"] = $"/{id}/", ["target_url"] = upstream, ["strip_listen_path"] = true },
    };

    public static JsonObject Keys(string id, string upstream)
    {
        var definition = OAuth(id, upstream);
        definition.Remove("use_oauth2");
        definition.Remove("oauth_meta");
        definition["use_standard_auth"] = true;
        return definition;
    }

    public static JsonObject Keyless(string id, string upstream)
    {
        var definition = Keys(id, upstream);
        definition.Remove("use_standard_auth");
        definition["use_keyless"] = true;
        return definition;
    }

    public static JsonObject Policy(string id, string api, long rate = 0, double per = 0) => new()
    {
        [id] = new JsonObject
        {
            ["rate"] = rate,
            ["per"] = per,
            ["quota_max"] = -1,
            ["access_rights"] = new JsonObject { [api] = new JsonObject { ["api_id"] = api, ["versions"] = new JsonArray("Default") } },
        },
    };
}
