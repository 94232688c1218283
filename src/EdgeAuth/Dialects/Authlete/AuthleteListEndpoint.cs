using System.Text;
using EdgeAuth.OAuth;
using EdgeAuth.OAuth.Clients;
using EdgeAuth.OAuth.Records;
using Microsoft.AspNetCore.Http;

namespace EdgeAuth.Dialects.Authlete;

/// <summary>Lists tokens (spec/authlete.md 1.3).</summary>
internal sealed class AuthleteListEndpoint(RecordService records, ClientFinder clients)
{
    public async Task HandleAsync(AuthleteCall call)
    {
        var query = call.Context.Request.Query;
        if (!FormText.IsWellFormed(Encoding.UTF8.GetBytes(call.Context.Request.QueryString.Value ?? "")))
        {
            await AuthleteAnswer.RefuseAsync(call.Context, AuthleteRefusals.QueryMalformed);
            return;
        }

        if (!AuthleteWindow.TryRead(query, out var window, out var refusal))
        {
            await AuthleteAnswer.RefuseAsync(call.Context, refusal);
            return;
        }

        if (StatusOf(First(query, "tokenStatus")) is not { } status)
        {
            await AuthleteAnswer.RefuseAsync(call.Context, AuthleteRefusals.StatusUnknown);
            return;
        }

        Client? client = null;
        if (First(query, "clientIdentifier") is { Length: > 0 } identifier)
        {
            (client, var isForeign) = await clients.FindAsync(call.Realm, identifier, call.Aborted);
            if (client is null)
            {
                await AuthleteAnswer.RefuseAsync(call.Context, isForeign ? AuthleteRefusals.ClientForeign : AuthleteRefusals.ClientUnknown);
                return;
            }
        }

        await AnswerAsync(call, window, new RecordFilter(client, First(query, "subject"), status));
    }

    private async Task AnswerAsync(AuthleteCall call, AuthleteWindow window, RecordFilter filter)
    {
        var page = await records.ListAsync(call.Realm, filter, window.Start, window.Count, call.Aborted);
        await AuthleteAnswer.OkAsync(
            call.Context,
            code: "",
            new AuthleteTokenList(window.Start, window.End, (int)Math.Min(page.Total, int.MaxValue))
            {
                Client = filter.Client is { } client ? AuthleteRecords.Client(client, call.Realm) : null,
                Subject = AuthleteValues.Text(filter.Subject),
                AccessTokens = page.Records.Count > 0 && window.Count > 0 ? [.. page.Records.Select(AuthleteRecords.Listed)] : null,
            },
            AuthleteJson.Default.AuthleteTokenList);
    }

    private static string First(IQueryCollection query, string name) => query[name] is [{ } value, ..] ? value : "";

    private static RecordStatus? StatusOf(string text) => text switch
    {
        "" or "ALL" => RecordStatus.All,
        "VALID" => RecordStatus.Valid,
        "INVALID" => RecordStatus.Invalid,
        _ => null,
    };
}
