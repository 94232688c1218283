using System.Runtime.CompilerServices;
using System.Security;
using System.Text;
using System.Text.Json;
using EdgeAuth.Catalog;
using EdgeAuth.Catalog.Gate;
using EdgeAuth.Catalog.Settings;
using EdgeAuth.Limits;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace EdgeAuth.Enforcement;

/// <summary>Writes verdicts: the only place that knows the statuses, bodies and fields of the data plane.</summary>
internal sealed partial class DecisionWriter(LimitFields limitFields, ILogger<DecisionWriter> logger)
{
    // Made once for each text: those who send what is refused must not cost more than those who are let in.
    private static readonly ConditionalWeakTable<RefusalText, byte[]> Problems = [];
    private static readonly ConditionalWeakTable<RefusalText, byte[]> TykErrors = [];

    /// <summary>Writes the limit fields of a request that passes.</summary>
    public void WriteAdmission(HttpContext context, CompiledApi api, in Decision decision)
    {
        if (decision.Limits.Limits is null)
        {
            // An answer that a definition gives to everybody says nothing else.
            if (decision.Reply is not null)
            {
                return;
            }

            LimitFields.WriteKeyless(context.Response.Headers, api);
        }

        limitFields.Write(context.Response.Headers, api, decision.Limits, decision.All);
    }

    /// <summary>Writes an answer that a definition gives: nothing but what it says. Nothing is forwarded after it.</summary>
    public static async ValueTask WriteReplyAsync(HttpContext context, FixedReply reply)
    {
        var response = context.Response;
        response.StatusCode = reply.Status;
        foreach (var (name, value) in reply.Headers)
        {
            response.Headers[name] = value;
        }

        // RFC 9110 sections 15.3.5, 15.3.6 and 15.4.5; the server refuses a body there.
        var mayHaveBody = reply.Status is >= 200 and not 204 and not 205 and not 304;
        if (mayHaveBody)
        {
            response.ContentLength = reply.Body.Length;
        }

        // Once it has started, the proxy leaves a 200 alone too.
        await response.StartAsync(context.RequestAborted);
        if (mayHaveBody && !HttpMethods.IsHead(context.Request.Method))
        {
            await response.Body.WriteAsync(reply.Body, context.RequestAborted);
        }
    }

    /// <summary>Writes a refusal whole. Nothing is forwarded after it.</summary>
    public ValueTask WriteRefusalAsync(HttpContext context, CompiledApi api, in Decision decision)
    {
        var text = Overridden(RefusalText.Of(decision.Refusal, decision.Method), api.Catalog.Settings.Tyk);
        var headers = context.Response.Headers;
        if (decision.Refusal is not (RefusalReason.OrgRateExceeded or RefusalReason.OrgQuotaExceeded))
        {
            limitFields.Write(headers, api, decision.Limits, decision.All);
        }

        if (RetryAfter(decision) is { } seconds)
        {
            headers.RetryAfter = seconds.ToString();
        }

        if (text.AsksForCredential && (api.Errors == ErrorStyle.Rfc || decision.Method != AuthMode.StandardKey))
        {
            headers.WWWAuthenticate = Challenge(api, decision);
        }

        Log.Refused(logger, api.Id, text.Code);
        return WriteAsync(context, api, text);
    }

    /// <summary>Writes the body of a refusal in the API's style, after its fields.</summary>
    public static async ValueTask WriteAsync(HttpContext context, CompiledApi api, RefusalText text)
    {
        var response = context.Response;
        response.StatusCode = api.Errors == ErrorStyle.Tyk ? text.TykStatus : text.Status;
        var (type, body) = api.Errors == ErrorStyle.Tyk ? TykBody(context.Request, text) : ("application/problem+json", Problems.GetValue(text, ProblemBytes));
        response.ContentType = type;
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.Body.WriteAsync(body, context.RequestAborted);
        }
    }

    private long? RetryAfter(in Decision decision) => decision.Refusal switch
    {
        RefusalReason.StoreUnavailable => 1,
        RefusalReason.ApiRateExceeded => limitFields.RetryAfter(decision.All!),
        _ => limitFields.RetryAfter(decision.Limits),
    };

    // The operator's own wording; the statuses of the rfc style are fixed (spec/tyk.md d.2, i).
    private static RefusalText Overridden(RefusalText text, TykSettings settings) =>
        text.MessageId is { } id && settings.OverrideMessages.TryGetValue(id, out var own)
            ? text with { TykMessage = own.Message is { Length: > 0 } message ? message : text.TykMessage, TykStatus = own.Code is > 0 and var code ? code : text.TykStatus }
            : text;

    private static byte[] ProblemBytes(RefusalText text) => JsonSerializer.SerializeToUtf8Bytes(
        new ProblemBody("about:blank", ReasonPhrases.GetReasonPhrase(text.Status), text.Status, text.Detail, text.Code, text.TykMessage),
        EnforcementJson.Default.ProblemBody);

    // A request in XML is refused in XML (spec/tyk.md d.2).
    private static (string Type, byte[] Body) TykBody(HttpRequest request, RefusalText text)
    {
        var type = request.ContentType?.Split(';')[0].Trim();
        return type is "application/xml" or "text/xml" or "application/soap+xml"
            ? (type, Encoding.UTF8.GetBytes($"<?xml version = \"1.0\" encoding = \"UTF-8\"?>\n<error>{SecurityElement.Escape(text.TykMessage)}</error>"))
            : ("application/json", TykErrors.GetValue(text, static text => JsonSerializer.SerializeToUtf8Bytes(new TykErrorBody(text.TykMessage), EnforcementJson.Default.TykErrorBody)));
    }

    // RFC 6750 section 3: without a credential no error is named. RFC 7617 section 2 for passwords.
    private static string Challenge(CompiledApi api, in Decision decision)
    {
        if (decision.Method == AuthMode.Basic)
        {
            return "Basic " + api.ChallengeRealm;
        }

        var challenge = "Bearer " + api.ChallengeRealm;
        return decision.Refusal switch
        {
            RefusalReason.CredentialMissing => challenge,
            RefusalReason.CredentialMalformed when decision.Method != AuthMode.Jwt => challenge + ", error=\"invalid_request\"",
            RefusalReason.CredentialExpired or RefusalReason.TokenExpired => challenge + ", error=\"invalid_token\", error_description=\"The access token expired\"",
            _ => challenge + ", error=\"invalid_token\"",
        };
    }

    private static partial class Log
    {
        [LoggerMessage(400, LogLevel.Information, "Refused on API {Api}: {Code}", EventName = "Refused")]
        public static partial void Refused(ILogger logger, string api, string code);
    }
}
