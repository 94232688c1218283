using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeAuth.SystemTests.TestHost;

namespace EdgeAuth.SystemTests.Endurance;

/// <summary>Does one kind of work over and over and holds the gateway to one kind of promise.</summary>
internal abstract class Actor(Life life)
{
    private long _steps;
    private long _lost;

    /// <summary>What it did, for the report.</summary>
    public string Report => $"{GetType().Name,-18} {_steps,9} steps, {_lost,3} cut short by a kill{Details}";

    public long Steps => Interlocked.Read(ref _steps);

    protected Life Life => life;

    protected GatewayProcess Gateway => life.Gateway;

    /// <summary>More to report.</summary>
    protected virtual string Details => "";

    public async Task ActAsync(CancellationToken done)
    {
        while (!done.IsCancellationRequested)
        {
            if (await life.TryAsync(StepAsync))
            {
                Interlocked.Increment(ref _steps);
            }
            else
            {
                Interlocked.Increment(ref _lost);
                Forget();
            }
        }
    }

    protected abstract Task StepAsync();

    /// <summary>A step was cut short: what it had begun may have happened or not.</summary>
    protected virtual void Forget()
    {
    }

    protected async Task<JsonElement> ManageAsync(string method, string path, JsonNode? body = null, int expected = 200)
    {
        var (status, text) = await Gateway.ManageAsync(method, path, body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"));
        Assert.True(status == expected, $"{GetType().Name}: expected {expected} from {method} {path}, got {status}: {text}");
        return JsonElement.Parse(text);
    }

    protected async Task CallAsync(string path, string token, int expected)
    {
        var (status, text) = await Gateway.CallAsync(path, token);
        Assert.True(status == expected, $"{GetType().Name}: expected {expected} from {path}, got {status}: {text}");
    }

    protected async Task<string> CreateKeyAsync(string rules) => (await ManageAsync("POST", "/tyk/keys/create", JsonNode.Parse(rules))).GetProperty("key").GetString()!;

    protected Task<(int Status, JsonElement Body)> TokenAsync(string id, string secret, params KeyValuePair<string, string>[] form) => Gateway.TokenAsync("orders", id, secret, form);
}
