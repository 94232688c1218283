using System.Net;

namespace EdgeAuth.Benchmarks.Load.Driver;

/// <summary>One request with a right credential and one with a wrong one, so that no figure is of something else.</summary>
internal sealed class Check : IDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(10) };

    public async Task RunAsync(Stage stage, Contender contender, CancellationToken cancellationToken)
    {
        var right = File.ReadLines(stage.File(contender.Credentials)).First();
        var (status, size) = await AskAsync(stage, contender, right, cancellationToken);
        if (contender.Refuses ? status != HttpStatusCode.Unauthorized : status != HttpStatusCode.OK || size != StaticUpstream.BodySize)
        {
            throw new LoadException($"{contender.Name} answered {(int)status} with {size} bytes. {contender.Part.Process.Words}");
        }

        var wrong = right[..^6] + (right.EndsWith("AAAAAA", StringComparison.Ordinal) ? "BBBBBB" : "AAAAAA");
        if (contender.Authenticates && await AskAsync(stage, contender, wrong, cancellationToken) is var (refusal, _) && refusal != HttpStatusCode.Unauthorized)
        {
            throw new LoadException($"{contender.Name} answered a wrong credential with {(int)refusal}.");
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<(HttpStatusCode Status, int Size)> AskAsync(Stage stage, Contender contender, string credential, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, stage.Address(contender.Port, contender.Path));
        request.Headers.TryAddWithoutValidation("Authorization", contender.Scheme + credential);
        using var answer = await _client.SendAsync(request, cancellationToken);
        return (answer.StatusCode, (await answer.Content.ReadAsByteArrayAsync(cancellationToken)).Length);
    }
}
