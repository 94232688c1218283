using System.Security.Claims;
using System.Text.Encodings.Web;
using EdgeAuth.Tests.TestHost;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Transforms;

namespace EdgeAuth.Tests.Embedding;

/// <summary>The program's own transforms, middleware and sign-in go on beside enforcement.</summary>
public sealed class EmbeddedPipelineTests
{
    private const string Guarded = "/v2/orders/1";
    private const string Badge = "X-Badge";

    [Fact]
    public async Task TransformsOfARoute_WorkBehindTheGuard()
    {
        await using var program = await EmbeddedProgram.StartAsync(
            static upstream => OwnProxy.Settings(upstream, ("guarded", OwnProxy.Route("/v2/orders/{**rest}", "orders", more: """
                {"Transforms":[{"PathRemovePrefix":"/v2"},{"RequestHeader":"X-Via","Set":"program"},{"RequestHeaderRemove":"Authorization"},{"ResponseHeader":"X-Seen","Set":"yes","When":"Always"}]}
                """))),
            static _ => [Keys]);
        var key = await program.CreateKeyAsync(Definitions.Session(["orders"]));

        var answer = (await program.Http.CallAsync(Guarded, key)).ShouldBe(200);
        (await program.Http.CallAsync(Guarded)).ShouldBeRefused(401, "credential_missing");

        // The credential was read before the program took it away.
        var seen = Assert.Single(program.Upstream.Requests);
        Assert.Equal(("/orders/1", "program"), (seen.Path, seen.Headers["X-Via"]));
        Assert.DoesNotContain("Authorization", seen.Headers.Keys, StringComparer.OrdinalIgnoreCase);
        Assert.Equal("yes", answer.Header("X-Seen"));
    }

    [Fact]
    public async Task TransformsInCode_RunOnlyForWhatPasses()
    {
        var ran = 0;
        await using var program = await EmbeddedProgram.StartAsync(OwnProxy.Standard, static _ => [Keys], proxy: own => own.AddTransforms(context =>
            context.AddRequestTransform(transform =>
            {
                Interlocked.Increment(ref ran);
                transform.ProxyRequest.Headers.Add("X-Code", "ran");
                return ValueTask.CompletedTask;
            })));
        var key = await program.CreateKeyAsync(Definitions.Session(["orders"]));

        (await program.Http.CallAsync(Guarded)).ShouldBe(401);
        Assert.Equal(0, ran);
        (await program.Http.CallAsync(Guarded, key)).ShouldBe(200);

        Assert.Equal(1, ran);
        Assert.Equal("ran", Assert.Single(program.Upstream.Requests).Headers["X-Code"]);
    }

    [Fact]
    public async Task MiddlewareOfTheProxy_RunsAroundTheGuard()
    {
        await using var program = await EmbeddedProgram.StartAsync(OwnProxy.Standard, static _ => [Keys], map: static app =>
        {
            app.MapReverseProxy(static proxy => proxy.Use(static (context, next) =>
            {
                context.Response.Headers["X-Around"] = "yes";
                return next(context);
            }));
            app.MapEdgeAuth();
        });
        var key = await program.CreateKeyAsync(Definitions.Session(["orders"]));

        Assert.Equal("yes", (await program.Http.CallAsync(Guarded, key)).ShouldBe(200).Header("X-Around"));
        Assert.Equal("yes", (await program.Http.CallAsync(Guarded)).ShouldBeRefused(401, "credential_missing").Header("X-Around"));
    }

    // Both ask, and both must be content; what the program asks of its other routes is its own affair.
    [Theory]
    [InlineData(Guarded, true, true, 200)]
    [InlineData(Guarded, true, false, 401)]
    [InlineData(Guarded, false, true, 403)]
    [InlineData(Guarded, false, false, 403)]
    [InlineData("/staff/x", true, false, 200)]
    [InlineData("/staff/x", false, true, 403)]
    [InlineData("/free/x", false, false, 200)]
    public async Task SignInOfTheProgram_IsAskedBesideTheGuard(string path, bool badge, bool key, int status)
    {
        await using var program = await EmbeddedProgram.StartAsync(
            static upstream => OwnProxy.Settings(
                upstream,
                ("guarded", OwnProxy.Route("/v2/orders/{**rest}", "orders", more: """{"AuthorizationPolicy":"staff"}""")),
                ("staff", OwnProxy.Route("/staff/{**rest}", more: """{"AuthorizationPolicy":"staff"}""")),
                ("free", OwnProxy.Route("/free/{**rest}"))),
            static _ => [Keys],
            static builder =>
            {
                builder.Services.AddAuthentication("badge").AddScheme<AuthenticationSchemeOptions, BadgeHandler>("badge", null);
                builder.Services.AddAuthorizationBuilder().AddPolicy("staff", static policy => policy.RequireRole("staff"));
            },
            static app =>
            {
                app.UseAuthentication();
                app.UseAuthorization();
                app.MapReverseProxy();
                app.MapEdgeAuth();
            });
        var credential = await program.CreateKeyAsync(Definitions.Session(["orders"]));
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (badge)
        {
            request.Headers.Add(Badge, "staff");
        }

        if (key)
        {
            request.Headers.Add("Authorization", "Bearer " + credential);
        }

        (await program.Http.AnswerAsync(request)).ShouldBe(status);

        Assert.Equal(status == 200 ? 1 : 0, program.Upstream.Requests.Count);
    }

    private static System.Text.Json.Nodes.JsonObject Keys => Definitions.Keys("orders", "").With("internal", true).With("proxy", new { });

    /// <summary>A sign-in of the program's own, which everybody passes with the role that the badge says.</summary>
    private sealed class BadgeHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            var identity = new ClaimsIdentity([new Claim(ClaimTypes.Role, Request.Headers[Badge].ToString())], Scheme.Name);
            return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name)));
        }
    }
}
