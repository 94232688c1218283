using EdgeAuth.Catalog;
using EdgeAuth.Limits;
using EdgeAuth.Storage;
using EdgeAuth.Tests.TestHost;
using Microsoft.AspNetCore.Http;

namespace EdgeAuth.Tests.Limits;

/// <summary>The exact text of the limit fields, in both styles and from both sources (design: limit headers; spec d.6, j.11).</summary>
public sealed class LimitFieldsTests
{
    private static readonly RateLimit Rate = new(100, TimeSpan.FromSeconds(60));
    private static readonly QuotaLimit Quota = new(1000, TimeSpan.FromDays(1));
    private static readonly QuotaLimit Endless = new(1000, null);
    private static readonly StoredQuota Stored = new(-1, 7, 1893456000);
    private readonly FakeTime _time = new();
    private readonly LimitFields _fields;

    public LimitFieldsTests() => _fields = new LimitFields(_time);

    private long Now => _time.GetUtcNow().ToUnixTimeSeconds();

    // The rate has 42 left and its next permit in 16.2 seconds; the quota 900, and ends in 3599.5.
    [Theory]
    [InlineData("rfc", "", "both", "Admitted", "100 w 60, 1000 w 86400", "42 t 17, 900 t 3600", "1000 900 3600")]
    [InlineData("rfc", "", "both", "RateExceeded", "100 w 60, 1000 w 86400", "42 t 17, 900 t 3600", "1000 900 3600")]
    [InlineData("rfc", "", "both", "QuotaExceeded", "100 w 60, 1000 w 86400", "42 t 17, 900 t 3600", "1000 900 3600")]
    [InlineData("rfc", "", "rate", "Admitted", "100 w 60", "42 t 17", "-1 7 stored")]
    [InlineData("rfc", "", "quota", "Admitted", "1000 w 86400", "900 t 3600", "1000 900 3600")]
    [InlineData("rfc", "", "endless", "Admitted", "1000", "900", "1000 900 0")]
    [InlineData("rfc", "", "none", "Admitted", "", "", "")]
    [InlineData("rfc", "rate_limits", "both", "Admitted", "100 w 60, 1000 w 86400", "42 t 17, 900 t 3600", "100 42 0s")]
    [InlineData("rfc", "rate_limits", "quota", "Admitted", "1000 w 86400", "900 t 3600", "")]
    [InlineData("tyk", "", "both", "Admitted", "100 w 60, 1000 w 86400", "42 t 17, 900 t 3600", "1000 900 3600")]
    [InlineData("tyk", "", "both", "RateExceeded", "100 w 60, 1000 w 86400", "42 t 17, 900 t 3600", "")]
    [InlineData("tyk", "", "both", "QuotaExceeded", "100 w 60, 1000 w 86400", "42 t 17, 900 t 3600", "")]
    [InlineData("tyk", "", "rate", "Admitted", "100 w 60", "42 t 17", "-1 7 stored")]
    [InlineData("tyk", "", "none", "Admitted", "", "", "-1 7 stored")]
    [InlineData("tyk", "rate_limits", "both", "Admitted", "100 w 60, 1000 w 86400", "42 t 17, 900 t 3600", "100 42 0s")]
    [InlineData("tyk", "rate_limits", "both", "RateExceeded", "100 w 60, 1000 w 86400", "42 t 17, 900 t 3600", "100 42 0s")]
    [InlineData("tyk", "rate_limits", "none", "Admitted", "", "", "")]
    public void Fields_AreWritten_ToTheLetter(string style, string source, string limits, string verdict, string policy, string state, string tyk)
    {
        var headers = Write(Api(style, source), limits, Enum.Parse<LimitVerdict>(verdict));

        Assert.Equal(Items(policy, "q"), headers["RateLimit-Policy"].ToString());
        Assert.Equal(Items(state, "r"), headers["RateLimit"].ToString());
        Assert.Equal(tyk.Replace("3600", $"{(_time.GetUtcNow() + TimeSpan.FromSeconds(3599.5)).ToUnixTimeSeconds()}", StringComparison.Ordinal).Replace("stored", "1893456000", StringComparison.Ordinal).Replace("0s", $"{Now}", StringComparison.Ordinal),
            string.Join(' ', new[] { "Limit", "Remaining", "Reset" }.Select(name => headers["X-RateLimit-" + name].ToString())).Trim());

        string Items(string text, string amount) => string.Join(", ", text.Split(", ", StringSplitOptions.RemoveEmptyEntries).Select((item, i) =>
        {
            var name = i > 0 || limits is "quota" or "endless" ? "quota" : "rate";
            return $"\"{name}\";{amount}={item.Replace(" w ", ";w=", StringComparison.Ordinal).Replace(" t ", ";t=", StringComparison.Ordinal)}";
        }));
    }

    [Theory]
    [InlineData("disable_rate_limit", "\"quota\";q=1000;w=86400", "\"quota\";r=900;t=3600")]
    [InlineData("disable_quota", "\"rate\";q=100;w=60", "\"rate\";r=42;t=17")]
    public void SwitchedOffLimit_IsNotNamed(string field, string policy, string state)
    {
        var headers = Write(Catalogs.Api(change: definition => definition[field] = true), "both", LimitVerdict.Admitted);

        Assert.Equal((policy, state), (headers["RateLimit-Policy"].ToString(), headers["RateLimit"].ToString()));
    }

    [Fact]
    public void RateReset_IsTheNextFreeSlot_WhenNoneIsLeft()
    {
        var headers = Write(Api("tyk", "rate_limits"), "both", LimitVerdict.RateExceeded, rateLeft: 0);

        Assert.Equal(("0", $"{Now + 17}"), (headers["X-RateLimit-Remaining"].ToString(), headers["X-RateLimit-Reset"].ToString()));
    }

    [Theory]
    [InlineData("Admitted", "both", null)]
    [InlineData("RateExceeded", "both", 17)]
    [InlineData("QuotaExceeded", "both", 3600)]
    [InlineData("QuotaExceeded", "endless", null)]
    [InlineData("Unavailable", "both", 1)]
    public void RetryAfter_IsWhenARefusedRequestMayPass(string verdict, string limits, int? seconds) =>
        Assert.Equal(seconds, _fields.RetryAfter(Status(limits, Enum.Parse<LimitVerdict>(verdict), 42)));

    [Fact]
    public void RetryAfter_IsNeverZero()
    {
        var status = Status("both", LimitVerdict.QuotaExceeded, 42) with { Quota = new QuotaAnswer(QuotaOutcome.Refused, 0, _time.GetUtcNow()) };

        Assert.Equal(1, _fields.RetryAfter(status));
        Assert.Equal(1, _fields.RetryAfter(status with { Verdict = LimitVerdict.RateExceeded, Rate = default }));
    }

    [Fact]
    public void Keyless_HasTyksZeros_InTyksStyleOnly()
    {
        foreach (var (style, source, expected) in new[] { ("tyk", "", "0"), ("tyk", "rate_limits", ""), ("rfc", "", "") })
        {
            var headers = new HeaderDictionary();
            LimitFields.WriteKeyless(headers, Api(style, source));

            Assert.All(new[] { "Limit", "Remaining", "Reset" }, name => Assert.Equal(expected, headers["X-RateLimit-" + name].ToString()));
            Assert.False(headers.ContainsKey("RateLimit") || headers.ContainsKey("RateLimit-Policy"));
        }
    }

    // What differs from request to request alone is made anew.
    [Fact]
    public void SmallNumbersAndThePolicy_AreTextsMadeBefore()
    {
        var status = Status("both", LimitVerdict.Admitted, 42);
        var (one, two) = (new HeaderDictionary(), new HeaderDictionary());
        _fields.Write(one, Api("rfc", "rate_limits"), status);
        _fields.Write(two, Api("rfc", "rate_limits"), status);

        Assert.Same((string?)one["RateLimit-Policy"], (string?)two["RateLimit-Policy"]);
        Assert.Same((string?)one["X-RateLimit-Limit"], (string?)two["X-RateLimit-Limit"]);
        Assert.Same((string?)one["X-RateLimit-Remaining"], (string?)two["X-RateLimit-Remaining"]);
    }

    [Fact]
    public void LargestNumbers_AreWrittenWhole()
    {
        var spec = new LimitSpec(new RateLimit(long.MaxValue / 4, TimeSpan.FromDays(3652)), new QuotaLimit(long.MaxValue, TimeSpan.FromDays(36500)), "", "", default);
        var status = new LimitStatus(LimitVerdict.Admitted, new BoundLimits(spec, "key", null, null), new RateAnswer(RateOutcome.Taken, long.MaxValue / 4, long.MaxValue / 2, 0), new QuotaAnswer(QuotaOutcome.Spent, long.MaxValue, DateTimeOffset.MaxValue));
        var headers = new HeaderDictionary();

        _fields.Write(headers, Api("rfc", ""), status);

        Assert.StartsWith($"\"rate\";r={long.MaxValue / 4};t=", headers["RateLimit"].ToString(), StringComparison.Ordinal);
        Assert.Contains($", \"quota\";r={long.MaxValue};t=", headers["RateLimit"].ToString(), StringComparison.Ordinal);
    }

    private static CompiledApi Api(string style, string source) =>
        Catalogs.Api(change: definition => definition["errors"] = style, tyk: settings => settings.RateLimitResponseHeaders = source);

    private HeaderDictionary Write(CompiledApi api, string limits, LimitVerdict verdict, long rateLeft = 42)
    {
        var headers = new HeaderDictionary();
        _fields.Write(headers, api, Status(limits, verdict, rateLeft));
        return headers;
    }

    private LimitStatus Status(string limits, LimitVerdict verdict, long rateLeft)
    {
        var spec = new LimitSpec(limits is "both" or "rate" ? Rate : null, limits is "both" or "quota" ? Quota : limits is "endless" ? Endless : null, "", "", Stored);
        return new LimitStatus(
            verdict,
            new BoundLimits(spec, "key", null, null),
            new RateAnswer(RateOutcome.Taken, rateLeft, (long)(16.2 * _time.TimestampFrequency), 0),
            new QuotaAnswer(QuotaOutcome.Spent, 900, limits is "endless" ? null : _time.GetUtcNow() + TimeSpan.FromSeconds(3599.5)));
    }
}
