using System.Text.Json;

namespace EdgeAuth.Tests.TestHost;

/// <summary>An answer, read whole.</summary>
internal sealed record Answer(int Status, string Body, IReadOnlyDictionary<string, string> Headers)
{
    public JsonElement Json => JsonElement.Parse(Body);

    public static async Task<Answer> ReadAsync(HttpResponseMessage response) => new(
        (int)response.StatusCode,
        await response.Content.ReadAsStringAsync(),
        response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated).ToDictionary(static header => header.Key, static header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase));

    /// <summary>The answer to a request that was sent as written.</summary>
    public static Answer Of(RawAnswer raw) => new(
        raw.Status,
        raw.Body,
        raw.Headers.GroupBy(static header => header.Key, StringComparer.OrdinalIgnoreCase).ToDictionary(static group => group.Key, static group => string.Join(", ", group.Select(static header => header.Value)), StringComparer.OrdinalIgnoreCase));

    /// <summary>Checks the status, showing the body when it differs.</summary>
    public Answer ShouldBe(int status)
    {
        Assert.True(Status == status, $"expected {status}, got {Status}: {Body}");
        return this;
    }

    /// <summary>Checks that the status is one of several.</summary>
    public Answer ShouldBeAnyOf(params int[] statuses)
    {
        Assert.True(statuses.Contains(Status), $"expected one of {string.Join(", ", statuses)}, got {Status}: {Body}");
        return this;
    }

    /// <summary>Checks a refusal of the data plane in rfc style: its status and its code.</summary>
    public Answer ShouldBeRefused(int status, string code)
    {
        ShouldBe(status);
        Assert.Equal("application/problem+json", Header("Content-Type"));
        Assert.Equal(code, Text("code"));
        return this;
    }

    /// <summary>Checks one of Tyk's status messages.</summary>
    public Answer ShouldSay(int status, string message)
    {
        ShouldBe(status);
        Assert.Equal(message, Text("message"));
        return this;
    }

    /// <summary>A text member of the JSON body.</summary>
    public string Text(string name) => Json.GetProperty(name).GetString()!;

    /// <summary>A field; null when it was not sent.</summary>
    public string? Header(string name) => Headers.GetValueOrDefault(name);
}
