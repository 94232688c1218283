using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAuth.Tests.BadInput.Sweep;

/// <summary>What the sweep starts from: every endpoint there is, each with a call that is taken.</summary>
public sealed class SweepTargetTests(SweepGateway shared) : IClassFixture<SweepGateway>
{
    [Fact]
    public async Task SamplesAreTaken_SoTheDamageIsWhatIsTested()
    {
        await shared.RestockAsync();
        foreach (var target in new SweepTargets(shared).All().OrderBy(static target => target.Method is "DELETE"))
        {
            var answer = await SweepConnection.SendAsync(new Uri(shared.Gateway.Url), SweepInput.Of(target).Bytes(), endsEarly: false);

            Assert.True(target.IsAlwaysRefused ? answer!.Status is >= 400 and < 500 : answer!.Status is >= 200 and < 400, $"{target}: {answer.Status} {answer.Body}");
            await shared.RestockAsync();
        }
    }

    [Fact]
    public void EveryEndpoint_IsSwept()
    {
        var swept = new SweepTargets(shared).All().Select(static target => target.Path).ToList();
        var routes = shared.Gateway.Services.GetServices<EndpointDataSource>().SelectMany(static source => source.Endpoints).OfType<RouteEndpoint>().ToList();

        Assert.NotEmpty(routes);
        var missed = routes.Where(route => !swept.Any(path => Matches(route, path))).Select(static route => route.RoutePattern.RawText).Distinct();
        Assert.DoesNotContain(missed, static pattern => pattern?.StartsWith("/spare", StringComparison.Ordinal) == false);
    }

    private static bool Matches(RouteEndpoint route, string path)
    {
        var pattern = route.RoutePattern;
        var matcher = new Microsoft.AspNetCore.Routing.Template.TemplateMatcher(new Microsoft.AspNetCore.Routing.Template.RouteTemplate(pattern), []);
        return matcher.TryMatch(path, []);
    }
}
