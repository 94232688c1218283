using System.Text.Json.Nodes;
using EdgeAuth.Tests.TestHost;
using Microsoft.AspNetCore.Http;

namespace EdgeAuth.Tests.Enforcement.Limits;

/// <summary>Limit fields in rfc style, and Tyk's with their default source, the quota (design: limit headers; spec d.6, j.11).</summary>
public sealed class LimitHeaderTests(LimitedGateway shared) : IClassFixture<LimitedGateway>
{
    private TestGateway Gateway => shared.Gateway;

    [Fact]
    public async Task EveryFigure_IsShown_OnSuccessAndOnRefusal()
    {
        var key = await CreateAsync("""{"rate":2,"per":60,"quota_max":1000,"quota_renewal_rate":86400}""");
        var ends = $"{Gateway.Time.GetUtcNow().ToUnixTimeSeconds() + 86400}";

        ShouldShow(await Gateway.CallAsync("/one/x", key), 200, "\"rate\";r=1;t=60, \"quota\";r=999;t=86400", "1000", "999", ends);
        Gateway.Time.Advance(TimeSpan.FromSeconds(20));
        ShouldShow(await Gateway.CallAsync("/one/x", key), 200, "\"rate\";r=0;t=40, \"quota\";r=998;t=86380", "1000", "998", ends);
        Gateway.Time.Advance(TimeSpan.FromMilliseconds(500));
        var refused = await Gateway.CallAsync("/one/x", key);
        ShouldShow(refused, 429, "\"rate\";r=0;t=40, \"quota\";r=998;t=86380", "1000", "998", ends);
        Assert.Equal("40", refused.Header("Retry-After"));

        static void ShouldShow(Answer answer, int status, string state, params string[] figures)
        {
            answer.ShouldBe(status);
            Assert.Equal("\"rate\";q=2;w=60, \"quota\";q=1000;w=86400", answer.Header("RateLimit-Policy"));
            Assert.Equal(state, answer.Header("RateLimit"));
            Assert.Equal(figures, Figures(answer));
        }
    }

    [Theory]
    [InlineData("""{"rate":5,"per":0.5}""", "\"rate\";q=5;w=1", "\"rate\";r=4;t=1", "0 0 0")]
    [InlineData("""{"rate":5,"per":1.5}""", "\"rate\";q=5;w=2", "\"rate\";r=4;t=2", "0 0 0")]
    [InlineData("""{"rate":5,"per":60,"quota_max":-1,"quota_remaining":7,"quota_renews":99}""", "\"rate\";q=5;w=60", "\"rate\";r=4;t=60", "-1 7 99")]
    [InlineData("""{"quota_max":5,"quota_renewal_rate":0}""", "\"quota\";q=5", "\"quota\";r=4", "5 4 0")]
    [InlineData("""{"quota_max":5,"quota_renewal_rate":-1}""", "\"quota\";q=5", "\"quota\";r=4", "5 4 0")]
    public async Task OnlyLimitsInForce_AreShown(string rules, string policy, string state, string figures)
    {
        var answer = (await Gateway.CallAsync("/one/x", await CreateAsync(rules))).ShouldBe(200);

        Assert.Equal((policy, state), (answer.Header("RateLimit-Policy"), answer.Header("RateLimit")));
        Assert.Equal(figures, string.Join(' ', Figures(answer)));
    }

    [Fact]
    public async Task Quota_NeverRenews_WithoutAPeriod_AndSaysNoTime()
    {
        var key = await CreateAsync("""{"quota_max":2,"quota_renewal_rate":-1}""");
        Assert.Equal(2, await LimitedGateway.CountAsync(Gateway, "/one/x", key));

        Gateway.Time.Leap(TimeSpan.FromHours(5));
        var refused = (await Gateway.CallAsync("/one/x", key)).ShouldBeRefused(429, "quota_exceeded");

        Assert.Equal(("\"quota\";q=2", "\"quota\";r=0"), (refused.Header("RateLimit-Policy"), refused.Header("RateLimit")));
        Assert.Null(refused.Header("Retry-After"));
        (await Gateway.ManageAsync("PUT", "/tyk/keys/" + key, Definitions.Session(["one"], """{"quota_max":2}"""))).ShouldBe(200);
        Assert.Equal(2, await LimitedGateway.CountAsync(Gateway, "/one/x", key));
    }

    [Fact]
    public async Task LimitOfTheApi_IsTheOneShown()
    {
        var session = Definitions.Session(["one", "two"], """{"rate":9,"per":60,"quota_max":90,"quota_renewal_rate":900}""");
        session["access_rights"]!["one"]!["limit"] = JsonNode.Parse("""{"rate":3,"per":30,"quota_max":8,"quota_renewal_rate":80}""");

        var answer = (await Gateway.CallAsync("/one/x", await Gateway.CreateKeyAsync(session))).ShouldBe(200);

        Assert.Equal("\"rate\";q=3;w=30, \"quota\";q=8;w=80", answer.Header("RateLimit-Policy"));
        Assert.Equal(["8", "7", $"{Gateway.Time.GetUtcNow().ToUnixTimeSeconds() + 80}"], Figures(answer));
    }

    [Fact]
    public async Task TykStyle_ShowsTheQuota_OnWhateverTheUpstreamAnswers_AndNeverOnARefusal()
    {
        var key = await CreateAsync("""{"rate":3,"per":60,"quota_max":2,"quota_renewal_rate":600}""");
        var ends = $"{Gateway.Time.GetUtcNow().ToUnixTimeSeconds() + 600}";
        await AnswerAsync(static context => context.Response.StatusCode = context.Request.Path == "/broken" ? 500 : 204, async () =>
        {
            Assert.Equal(["2", "1", ends], Figures((await Gateway.CallAsync("/vintage/x", key)).ShouldBe(204)));
            Assert.Equal(["2", "0", ends], Figures((await Gateway.CallAsync("/vintage/broken", key)).ShouldBe(500)));
        });

        var overQuota = (await Gateway.CallAsync("/vintage/x", key)).ShouldBeTykRefusal(403, "Quota exceeded");
        Assert.Empty(Figures(overQuota));
        Assert.Equal(("\"rate\";r=1;t=60, \"quota\";r=0;t=600", "600"), (overQuota.Header("RateLimit"), overQuota.Header("Retry-After")));

        var hurried = await CreateAsync("""{"rate":1,"per":60,"quota_max":2,"quota_renewal_rate":600}""");
        (await Gateway.CallAsync("/vintage/x", hurried)).ShouldBe(200);
        var overRate = (await Gateway.CallAsync("/vintage/x", hurried)).ShouldBeTykRefusal(429, "Rate Limit Exceeded");
        Assert.Empty(Figures(overRate));
        Assert.Equal(("\"rate\";r=0;t=60, \"quota\";r=1;t=600", "60"), (overRate.Header("RateLimit"), overRate.Header("Retry-After")));
    }

    [Theory]
    [InlineData("{}", "0 0 0")]
    [InlineData("""{"quota_max":-1,"quota_remaining":11,"quota_renews":12}""", "-1 11 12")]
    [InlineData("""{"rate":5,"per":60,"quota_max":0}""", "0 0 0")]
    public async Task TykStyle_ShowsWhatIsStored_WhileTheQuotaIsUnlimited(string rules, string figures) =>
        Assert.Equal(figures, string.Join(' ', Figures((await Gateway.CallAsync("/vintage/x", await CreateAsync(rules))).ShouldBe(200))));

    [Fact]
    public async Task TykStyle_ShowsZeros_WithoutAKey() =>
        Assert.Equal(["0", "0", "0"], Figures((await Gateway.CallAsync("/open/x")).ShouldBe(200)));

    [Fact]
    public async Task FieldsOfTheUpstream_AreDropped_WhereTheGatewayHasItsOwn()
    {
        var limited = await CreateAsync("""{"rate":5,"per":60,"quota_max":9,"quota_renewal_rate":90}""");
        var free = await CreateAsync("{}");
        await AnswerAsync(WriteOwnFields, async () =>
        {
            foreach (var api in new[] { "one", "vintage" })
            {
                var answer = (await Gateway.CallAsync($"/{api}/x", limited)).ShouldBe(200);
                Assert.DoesNotContain("upstream", string.Join(' ', Names.Select(answer.Header)), StringComparison.Ordinal);
                Assert.Equal("9", answer.Header("X-RateLimit-Limit"));
            }

            // Where nothing is limited they are the upstream's business, every value of them.
            var untouched = (await Gateway.CallAsync("/one/x", free)).ShouldBe(200);
            Assert.All(Names, name => Assert.Equal("upstream 1, upstream 2", untouched.Header(name)));
            Assert.Equal(["0", "0", "0"], Figures((await Gateway.CallAsync("/open/x")).ShouldBe(200)));
        });
    }

    private static readonly string[] Names = ["RateLimit", "RateLimit-Policy", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"];

    private static void WriteOwnFields(HttpContext context)
    {
        foreach (var name in Names)
        {
            context.Response.Headers[name] = new(["upstream 1", "upstream 2"]);
        }
    }

    private async Task AnswerAsync(Action<HttpContext> answer, Func<Task> body)
    {
        var usual = Gateway.Upstream.Answer;
        Gateway.Upstream.Answer = context =>
        {
            answer(context);
            return Task.CompletedTask;
        };
        await body();
        Gateway.Upstream.Answer = usual;
    }

    internal static IEnumerable<string> Figures(Answer answer) =>
        new[] { "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset" }.Select(answer.Header).OfType<string>();

    private Task<string> CreateAsync(string rules) => LimitedGateway.CreateKeyAsync(Gateway, rules);
}
