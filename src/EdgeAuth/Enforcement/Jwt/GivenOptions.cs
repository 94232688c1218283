using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;

namespace EdgeAuth.Enforcement.Jwt;

/// <summary>The handler's options for one token, under whatever name it asks.</summary>
internal sealed class GivenOptions(JwtBearerOptions options) : IOptionsMonitor<JwtBearerOptions>
{
    public JwtBearerOptions CurrentValue => options;

    public JwtBearerOptions Get(string? name) => options;

    public IDisposable? OnChange(Action<JwtBearerOptions, string?> listener) => null;
}
