using System.Net.Http.Headers;

namespace EdgeAuth.SystemTests.Endurance;

/// <summary>Nonsense is answered with a 4xx, never with a 500.</summary>
internal sealed class GarbageActor(Life life) : Actor(life)
{
    private static readonly string[] Paths =
    [
        "/tyk/keys/create", "/tyk/keys/x", "/tyk/oauth/clients/create", "/tyk/oauth/clients/orders/x", "/tyk/oauth/revoke", "/tyk/oauth/revoke_all",
        "/orders/oauth/token", "/orders/oauth/authorize", "/orders/oauth/revoke", "/orders/tyk/oauth/authorize-client", "/items/x", "/orders/x", "/tyk/nothing",
    ];

    private readonly Random _random = new(7);

    protected override async Task StepAsync()
    {
        var body = new byte[_random.Next(0, 400)];
        _random.NextBytes(body);
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(_random.Next(2) == 0 ? "application/json" : "application/x-www-form-urlencoded");
        var path = Paths[_random.Next(Paths.Length)];
        var (status, text) = await Gateway.ManageAsync(_random.Next(2) == 0 ? "POST" : "PUT", path, content);

        // A revocation of nothing is a success (RFC 7009).
        Assert.True(status is >= 400 and < 500, $"{path}: {status}: {text}");
    }
}
