namespace EdgeAuth.Tests.TestHost;

/// <summary>Checks refusals of the data plane in whichever style an API has.</summary>
internal static class StyleChecks
{
    /// <summary>Checks a refusal: by status and code in rfc style, by status and wording in tyk style.</summary>
    public static Answer ShouldBeRefused(this Answer answer, string style, (int Status, string Code, int TykStatus, string Message) refusal) =>
        style == "tyk" ? answer.ShouldBeTykRefusal(refusal.TykStatus, refusal.Message) : answer.ShouldBeRefused(refusal.Status, refusal.Code);
}
