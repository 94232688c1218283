using System.Text.Json;
using System.Text.Json.Nodes;

namespace EdgeAuth.Tests.TestHost;

/// <summary>Definitions as a team writes them.</summary>
internal static class Definitions
{
    /// <summary>An API with OAuth that issues everything.</summary>
    public static JsonObject OAuth(string id, string upstream, string org = "org1") => new()
    {
        ["api_id"] = id,
        ["name"] = id + " API",
        ["org_id"] = org,
        ["use_oauth2"] = true,
        ["oauth_meta"] = new JsonObject
        {
            ["allowed_access_types"] = new JsonArray("authorization_code", "refresh_token", "client_credentials", "password"),
            ["allowed_authorize_types"] = new JsonArray("code", "token"),
            ["auth_login_redirect"] = "http://portal.example/login",
        },
        ["version_data"] = new JsonObject { ["not_versioned"] = true },
        ["proxy"] = new JsonObject { ["listen_path"] = $"/{id}/", ["target_url"] = upstream, ["strip_listen_path"] = true },
    };

    /// <summary>An API that takes keys.</summary>
    public static JsonObject Keys(string id, string upstream, string org = "org1")
    {
        var definition = OAuth(id, upstream, org);
        definition.Remove("use_oauth2");
        definition.Remove("oauth_meta");
        definition["use_standard_auth"] = true;
        return definition;
    }

    /// <summary>An API that anyone may call.</summary>
    public static JsonObject Keyless(string id, string upstream)
    {
        var definition = Keys(id, upstream);
        definition.Remove("use_standard_auth");
        definition["use_keyless"] = true;
        return definition;
    }

    /// <summary>A session that grants APIs, with further members.</summary>
    public static JsonObject Session(IEnumerable<string> apis, string? more = null)
    {
        var session = more is null ? [] : JsonNode.Parse(more)!.AsObject();
        var rights = new JsonObject();
        foreach (var api in apis)
        {
            rights[api] = new JsonObject { ["api_id"] = api, ["api_name"] = api, ["versions"] = new JsonArray("Default") };
        }

        session.TryAdd("org_id", "org1");
        session.TryAdd("access_rights", rights);
        return session;
    }

    /// <summary>A policy that grants APIs, with further members.</summary>
    public static JsonObject Policy(IEnumerable<string> apis, string? more = null) => Session(apis, more);

    /// <summary>Sets a member at a path such as <c>proxy.target_url</c>.</summary>
    public static JsonObject With(this JsonObject definition, string path, object? value)
    {
        var names = path.Split('.');
        var target = definition;
        foreach (var name in names[..^1])
        {
            target = (target[name] ??= new JsonObject()).AsObject();
        }

        target[names[^1]] = JsonSerializer.SerializeToNode(value);
        return definition;
    }
}
