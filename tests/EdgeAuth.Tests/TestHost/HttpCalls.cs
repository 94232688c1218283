namespace EdgeAuth.Tests.TestHost;

/// <summary>The calls that tests make, whatever program answers.</summary>
internal static class HttpCalls
{
    /// <summary>A management call with the secret.</summary>
    public static async Task<Answer> ManageAsync(this HttpClient http, string method, string path, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = content };
        request.Headers.Add("X-Tyk-Authorization", TestGateway.Secret);
        return await http.AnswerAsync(request);
    }

    /// <summary>A call to an API, with a bearer token if one is given.</summary>
    public static async Task<Answer> CallAsync(this HttpClient http, string path, string? token = null, string method = "GET")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (token is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        }

        return await http.AnswerAsync(request);
    }

    public static async Task<Answer> AnswerAsync(this HttpClient http, HttpRequestMessage request)
    {
        using var response = await http.SendAsync(request);
        return await Answer.ReadAsync(response);
    }
}
