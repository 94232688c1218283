using System.Collections.Concurrent;
using EdgeAuth.SystemTests.TestHost;

namespace EdgeAuth.SystemTests;

/// <summary>Creates, issues, ends and calls as fast as it can until the gateway is killed, and remembers what was acknowledged.</summary>
internal sealed class Storm(GatewayProcess gateway, string limitedKey)
{
    /// <summary>Calls that may be under way when the process dies: admitted or not, nobody was told.</summary>
    public const int Callers = 4;

    private const string Rights = """{"access_rights":{"items":{"api_id":"items"}}}""";

    private volatile bool _killed;
    private long _admitted;

    public ConcurrentBag<string> Created { get; } = [];

    /// <summary>What was asked to end: it may have, whether or not anybody was told.</summary>
    public ConcurrentBag<string> Ending { get; } = [];

    /// <summary>What was acknowledged to have ended.</summary>
    public ConcurrentBag<string> Ended { get; } = [];

    public ConcurrentBag<string> Clients { get; } = [];

    public ConcurrentBag<string> Issued { get; } = [];

    public long Admitted => Interlocked.Read(ref _admitted);

    /// <summary>Enough of everything was acknowledged for a test to mean something.</summary>
    public bool WasOne => Created.Count > 10 && Issued.Count > 10 && Admitted > 10;

    /// <summary>Rages for a while, longer on a busy machine, then kills the gateway in the middle of it.</summary>
    public async Task RageAsync(TimeSpan duration)
    {
        var (id, secret) = await gateway.CreateClientAsync("orders", "http://app.example/cb", "plan");
        Clients.Add(id);
        List<Task> work =
        [
            RepeatAsync(CreateAndDeleteAsync),
            RepeatAsync(CreateAndDeleteAsync),
            RepeatAsync(() => IssueAndRevokeAsync(id, secret)),
            RepeatAsync(() => IssueAndRevokeAsync(id, secret)),
            RepeatAsync(async () => Clients.Add((await gateway.CreateClientAsync("orders", "http://app.example/cb")).Id)),
            .. Enumerable.Range(0, Callers).Select(_ => RepeatAsync(CallAsync)),
        ];
        await Task.Delay(duration);
        for (var attempt = 0; !WasOne && attempt < 1000; attempt++)
        {
            await Task.Delay(20);
        }

        await gateway.KillAsync();
        _killed = true;
        await Task.WhenAll(work);
    }

    /// <summary>Compares the restarted gateway with what was acknowledged.</summary>
    public async Task VerifyAsync()
    {
        var ending = Ending.ToHashSet(StringComparer.Ordinal);
        var ended = Ended.ToHashSet(StringComparer.Ordinal);
        foreach (var (path, token) in Created.Select(static key => ("/items/x", key)).Concat(Issued.Select(static token => ("/orders/x", token))))
        {
            if (ended.Contains(token) || !ending.Contains(token))
            {
                await ExpectAsync(path, token, ended.Contains(token) ? 401 : 200);
            }
        }

        foreach (var client in Clients)
        {
            var (status, body) = await gateway.ManageAsync("GET", $"/tyk/oauth/clients/orders/{client}");
            Assert.True(status == 200, $"client {client} was acknowledged: {body}");
        }
    }

    private async Task ExpectAsync(string path, string token, int expected)
    {
        var (status, body) = await gateway.CallAsync(path, token);
        Assert.True(status == expected, $"expected {expected} on {path}, got {status}: {body}");
    }

    private async Task CreateAndDeleteAsync()
    {
        var key = await CrashTests.CreateKeyAsync(gateway, Rights);
        Created.Add(key);
        if (Created.Count % 3 == 0)
        {
            Ending.Add(key);
            Assert.Equal(200, (await gateway.ManageAsync("DELETE", "/tyk/keys/" + key)).Status);
            Ended.Add(key);
        }
    }

    private async Task IssueAndRevokeAsync(string id, string secret)
    {
        var token = await gateway.IssueAsync("orders", id, secret);
        Issued.Add(token);
        if (Issued.Count % 3 == 0)
        {
            Ending.Add(token);
            using var form = new FormUrlEncodedContent([new("token", token), new("client_id", id)]);
            Assert.Equal(200, (await gateway.ManageAsync("POST", "/tyk/oauth/revoke", form)).Status);
            Ended.Add(token);
        }
    }

    private async Task CallAsync()
    {
        var (status, body) = await gateway.CallAsync("/items/x", limitedKey);
        Assert.True(status == 200, body);
        Interlocked.Increment(ref _admitted);
    }

    private async Task RepeatAsync(Func<Task> work)
    {
        while (!_killed)
        {
            try
            {
                await work();
            }
            catch (Exception error) when (error is HttpRequestException or OperationCanceledException or IOException)
            {
                // The gateway died under the call.
                return;
            }
        }
    }
}
