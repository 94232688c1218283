using System.Text;
using EdgeAuth.Tests.TestHost;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeAuth.Tests.BadInput;

/// <summary>Good requests, damaged at random: whatever comes of it, it is an answer, and a refused one changes nothing.</summary>
public sealed class FuzzProperties(BadInputGateway shared) : IClassFixture<BadInputGateway>
{
    private static readonly string Session = Definitions.Session(["orders", "stock"], """
        {"rate":10,"per":60.5,"quota_max":100,"quota_renewal_rate":3600,"expires":0,"alias":"a","tags":["x"],"apply_policies":["plan"],"basic_auth_data":{"password":"p"},"meta_data":{"a":[1,null,"b"]}}
        """).ToJsonString();

    private static readonly (string Method, string Path, string Type, string Body)[] Good =
    [
        ("POST", "/tyk/keys/create", "application/json", Session),
        ("POST", "/tyk/keys/fuzzed", "application/json", Session),
        ("PUT", "/tyk/keys/org1present", "application/json", Session),
        ("POST", "/tyk/oauth/clients/create", "application/json", """{"client_id":"fuzz","redirect_uri":"http://a/b,http://c","api_id":"orders","policy_id":"plan","secret":"s","meta_data":{"a":1},"description":"d"}"""),
        ("PUT", "/tyk/oauth/clients/orders/present", "application/json", """{"redirect_uri":"http://app.example/cb","policy_id":"plan","meta_data":[1,2]}"""),
        ("PUT", "/tyk/oauth/clients/orders", "application/json", """[{"client_id":"present","redirect_uri":"http://app.example/cb","policy_id":"plan"}]"""),
        ("POST", "/orders/tyk/oauth/authorize-client", "application/x-www-form-urlencoded", "response_type=code&client_id=present&redirect_uri=http%3A%2F%2Fapp.example%2Fcb&state=s&key_rules=" + Uri.EscapeDataString(Session)),
        ("POST", "/tyk/oauth/authorize-client", "application/x-www-form-urlencoded", "response_type=token&client_id=present&redirect_uri=http%3A%2F%2Fapp.example%2Fcb&key_rules=" + Uri.EscapeDataString(Session)),
        ("POST", "/orders/oauth/token", "application/x-www-form-urlencoded", "grant_type=client_credentials&client_id=present&client_secret=the+secret+of+present"),
        ("POST", "/orders/oauth/token", "application/json", """{"grant_type":"refresh_token","refresh_token":"abc","client_id":"present","client_secret":"the secret of present"}"""),
        ("POST", "/tyk/oauth/revoke", "application/x-www-form-urlencoded", "token=abc&client_id=present&token_type_hint=refresh_token&org_id=org1"),
        ("POST", "/tyk/oauth/revoke_all", "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"client_id\"\r\n\r\npresent\r\n--b\r\nContent-Disposition: form-data; name=\"client_secret\"\r\n\r\nx\r\n--b--\r\n"),
    ];

    // Bytes that mean something to one of the parsers.
    private static readonly byte[] Telling = [0x00, 0x0A, 0x0D, 0x20, .. "\"\\{}[]:,%&=+-.0919eEtfn\u007f"u8, 0x80, 0xC3, 0xED, 0xFF];

    private static readonly Gen<(int Request, Damage[] Damages)> Cases =
        from request in Gen.Choose(0, Good.Length - 1)
        from damages in (from kind in Gen.Choose(0, 4)
                         from at in Gen.Choose(0, 100_000)
                         from length in Gen.Choose(1, 12)
                         from value in Gen.Elements(Telling)
                         select new Damage(kind, at, length, value)).NonEmptyListOf()
        select (request, damages.Take(6).ToArray());

    [Fact]
    public Task DamagedBody_IsAnswered_AndARefusedOneChangesNothing() => Properties.HoldsAsync(Cases, 250, async one =>
    {
        var (method, path, type, body) = Good[one.Request];
        var bytes = one.Damages.Aggregate(Encoding.UTF8.GetBytes(body), static (damaged, damage) => damage.Apply(damaged));
        using var content = new ByteArrayContent(bytes);
        content.Headers.TryAddWithoutValidation("Content-Type", type);

        var answer = await shared.ProbeAsync(method, path, content);

        if (answer.Status >= 400)
        {
            BadInputGateway.ShouldBeAnErrorOf(path, answer);
        }
    });

    [Fact]
    public async Task UndamagedBodies_AreAccepted_SoTheDamageIsWhatIsTested()
    {
        var answers = new List<int>();
        foreach (var (method, path, type, body) in Good)
        {
            using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            content.Headers.TryAddWithoutValidation("Content-Type", type);
            answers.Add((await shared.ProbeAsync(method, path, content)).Status);
        }

        Assert.True(answers.Count(static status => status == 200) >= 8, string.Join(' ', answers));
    }

    /// <summary>One change of a body: a byte replaced, put in or taken out, a piece repeated, or the rest cut off.</summary>
    private sealed record Damage(int Kind, int At, int Length, byte Value)
    {
        public byte[] Apply(byte[] body)
        {
            var at = body.Length == 0 ? 0 : At % body.Length;
            var end = Math.Min(body.Length, at + Length);
            return Kind switch
            {
                0 => [.. body[..at], Value, .. body[end..]],
                1 => [.. body[..at], Value, .. body[at..]],
                2 => [.. body[..at], .. body[end..]],
                3 => [.. body[..end], .. body[at..]],
                _ => body[..at],
            };
        }
    }
}
