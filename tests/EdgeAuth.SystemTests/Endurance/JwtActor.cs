using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using EdgeAuth.SystemTests.TestHost;

namespace EdgeAuth.SystemTests.Endurance;

/// <summary>A signed token is let in under its policy, and one that was tampered with is not.</summary>
internal sealed class JwtActor(Life life) : Actor(life)
{
    private const int Subjects = 50;

    private static readonly byte[] Secret = "a secret of the issuer and gateway"u8.ToArray();

    private int _round;

    /// <summary>An API that takes tokens signed with the secret.</summary>
    public static JsonObject Api(string upstream)
    {
        var definition = Definitions.Keys("signed", upstream);
        definition.Remove("use_standard_auth");
        definition["enable_jwt"] = true;
        definition["jwt_signing_method"] = "hmac";
        definition["jwt_source"] = Convert.ToBase64String(Secret);
        definition["jwt_default_policies"] = new JsonArray("signers");
        return definition;
    }

    protected override async Task StepAsync()
    {
        var token = Sign($$"""{"sub":"subject-{{_round++ % Subjects}}","jti":"{{_round}}","exp":{{DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 600}}}""");
        await CallAsync("/signed/x", token, 200);
        await CallAsync("/signed/x", token, 200);
        await CallAsync("/signed/x", token[..^4] + (token.EndsWith("AAAA", StringComparison.Ordinal) ? "BBBB" : "AAAA"), 401);
    }

    private static string Sign(string claims)
    {
        var head = Encode("""{"alg":"HS256","typ":"JWT"}"""u8) + "." + Encode(Encoding.UTF8.GetBytes(claims));
        return head + "." + Encode(HMACSHA256.HashData(Secret, Encoding.ASCII.GetBytes(head)));
    }

    private static string Encode(ReadOnlySpan<byte> bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
}
