using EdgeAuth.OAuth.Records;
using EdgeAuth.Sessions;

namespace EdgeAuth.Dialects.Authlete;

/// <summary>Deletes a token, given by value or hash (spec/authlete.md 1.2).</summary>
internal sealed class AuthleteDeleteEndpoint(RecordService records, AuthletePaths paths)
{
    private const string Done = "A161001";

    public async Task HandleAsync(AuthleteCall call)
    {
        var identifier = AuthleteIdentifier.Read(call.Context, paths.Root + "/delete");
        if (identifier?.Trim('/') is "")
        {
            await AuthleteAnswer.RefuseAsync(call.Context, AuthleteRefusals.IdentifierMissing);
            return;
        }

        // What is audited is then the hash of the token itself, however it was written.
        call.Context.Request.RouteValues[AuthleteIdentifier.Parameter] = identifier ?? call.Context.Request.RouteValues[AuthleteIdentifier.Parameter];
        try
        {
            await AnswerAsync(call, identifier is null ? RecordRefusal.TokenUnknown : await DeleteAsync(call, identifier));
        }
        catch (Exception error) when (StoreTrouble.Is(error))
        {
            await AuthleteAnswer.RefuseAsync(call.Context, AuthleteRefusals.DeleteUnavailable);
        }
    }

    // A slash at the end may be of the token, or just of the path.
    private async ValueTask<RecordRefusal> DeleteAsync(AuthleteCall call, string identifier)
    {
        var refusal = await records.DeleteAsync(call.Realm, identifier, call.Changes, call.Aborted);
        return refusal is RecordRefusal.TokenUnknown && identifier.EndsWith('/')
            ? await records.DeleteAsync(call.Realm, identifier.TrimEnd('/'), call.Changes, call.Aborted)
            : refusal;
    }

    private static Task AnswerAsync(AuthleteCall call, RecordRefusal refusal) => refusal switch
    {
        RecordRefusal.None => AuthleteAnswer.NoContent(call.Context, Done),
        RecordRefusal.TokenForeign => AuthleteAnswer.RefuseAsync(call.Context, AuthleteRefusals.TokenForeign),
        _ => AuthleteAnswer.RefuseAsync(call.Context, AuthleteRefusals.TokenUnknown),
    };
}
