using System.Text.Json;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.BadInput.Sweep;

/// <summary>What an answer to a spoilt request may be.</summary>
internal static class SweepOracle
{
    private static readonly int[] ServersOwn = [400, 408, 411, 413, 414, 417, 431];

    /// <summary>What is wrong with an answer; null for nothing.</summary>
    public static string? Fault(SweepCase one, Answer? answer)
    {
        if (answer is null)
        {
            return one.IsForTheServer ? null : "no answer";
        }

        if (answer.Status >= 500)
        {
            return "a server error";
        }

        // Metrics name what the platform counts, its exceptions too.
        if (answer.Status >= 400 && (answer.Body.Contains("   at ", StringComparison.Ordinal) || answer.Body.Contains("Exception", StringComparison.Ordinal)))
        {
            return "the program shows";
        }

        if (answer.Header("X-Injected") is not null)
        {
            return "an injected field";
        }

        return IsRefusal(one.Input.Target.Surface, answer) ? null
            : one.MustFail && answer.Status < 400 ? "taken"
            : answer.Status < 400 || one.Input.Method is "HEAD" ? null
            : one.IsForTheServer && answer.Body.Length == 0 && ServersOwn.Contains(answer.Status) ? null
            : Misshapen(one, answer);
    }

    // Of a call that was well formed, Authlete's operations say so with a status of success (spec/authlete.md 0).
    private static bool IsRefusal(Surface surface, Answer answer) =>
        surface is Surface.Authlete && answer.Status == 200 && Json(answer, "application/json") is { } body && IsResult(body, members: 3) && Has(body, "action") && !Has(body, "action", "OK");

    private static string? Misshapen(SweepCase one, Answer answer)
    {
        if (answer.Status == 405 && answer.Header("Allow") is null)
        {
            return "405 without Allow";
        }

        // At another path it is another's error.
        var surfaces = one.IsForTheServer ? Enum.GetValues<Surface>() : [one.Input.Target.Surface];
        return surfaces.Any(surface => Fits(surface, answer)) ? null : "not an error of this surface";
    }

    /// <summary>True when an answer is an error as a surface tells it.</summary>
    public static bool Fits(Surface surface, Answer answer) => surface switch
    {
        Surface.Management => IsStatusMessage(answer) || IsOAuthError(answer),
        Surface.OAuth => IsStatusMessage(answer) || IsOAuthError(answer),
        Surface.Traffic => IsProblem(answer) || (answer.Status == 405 && answer.Body.Length == 0),
        Surface.TykTraffic => IsTyks(answer) || (answer.Status == 405 && answer.Body.Length == 0),
        Surface.Authlete => Json(answer, "application/json") is { } body && (IsResult(body, members: 2) || (IsRefusal(surface, answer) && Has(body, "action", "INTERNAL_SERVER_ERROR"))),
        _ => answer.Header("Content-Type") is "text/plain" or "application/json" && answer.Body.Length > 0,
    };

    private static bool IsResult(JsonElement body, int members) =>
        Has(body, "resultCode") && Has(body, "resultMessage") && body.GetProperty("resultMessage").GetString()!.StartsWith($"[{body.GetProperty("resultCode").GetString()}] ", StringComparison.Ordinal)
        && body.EnumerateObject().Count() == members;

    private static bool IsStatusMessage(Answer answer) =>
        Json(answer, "application/json") is { } body && Has(body, "status", "error") && Has(body, "message");

    private static bool IsOAuthError(Answer answer) =>
        Json(answer, "application/json") is { } body && Has(body, "error") && Has(body, "error_description");

    private static bool IsProblem(Answer answer) =>
        Json(answer, "application/problem+json") is { } body && Has(body, "code") && Has(body, "error") && Has(body, "title") && body.TryGetProperty("status", out var status) && status.GetInt32() == answer.Status;

    private static bool IsTyks(Answer answer) =>
        Json(answer, "application/json") is { } body ? body.EnumerateObject().Count() == 1 && Has(body, "error")
            : answer.Header("Content-Type") is "application/xml" or "text/xml" or "application/soap+xml" && answer.Body.StartsWith("<?xml", StringComparison.Ordinal);

    private static JsonElement? Json(Answer answer, string type)
    {
        if (answer.Header("Content-Type") != type)
        {
            return null;
        }

        try
        {
            return answer.Json is { ValueKind: JsonValueKind.Object } body ? body : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool Has(JsonElement body, string name, string? value = null) =>
        body.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String && (value is null ? member.GetString()!.Length > 0 : member.GetString() == value);
}
