using EdgeAuth.Catalog;
using EdgeAuth.Gateway.Hosting;

namespace EdgeAuth.Tests.Hosting;

public sealed class SocketTransportTests
{
    [Fact]
    public async Task ValueThatIsNeitherTrueNorFalse_IsReportedWithTheOtherProblems()
    {
        var folder = Directory.CreateTempSubdirectory("edgeauth-transport-");
        try
        {
            await using var app = GatewayHost.Build(new ConfigurationChain(folder.FullName, ["--urls=http://127.0.0.1:0", "--EdgeAuth:Transport:InlineScheduling=maybe"]));

            var error = await Assert.ThrowsAsync<CatalogException>(() => GatewayHost.LoadAsync(app));

            Assert.Contains(error.Problems, static problem => problem.Path == "$.EdgeAuth.Transport.InlineScheduling");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
