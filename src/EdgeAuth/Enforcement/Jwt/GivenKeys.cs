using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace EdgeAuth.Enforcement.Jwt;

/// <summary>Gives the handler the keys that were found for the token at hand. It fetches nothing: a source decides when to.</summary>
internal sealed class GivenKeys(IEnumerable<SecurityKey> keys) : IConfigurationManager<OpenIdConnectConfiguration>
{
    public Task<OpenIdConnectConfiguration> GetConfigurationAsync(CancellationToken cancel)
    {
        var configuration = new OpenIdConnectConfiguration();
        foreach (var key in keys)
        {
            configuration.SigningKeys.Add(key);
        }

        return Task.FromResult(configuration);
    }

    public void RequestRefresh()
    {
    }
}
