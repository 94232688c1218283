namespace EdgeAuth.OAuth;

/// <summary>Tyk's status message, the body of its answers that carry nothing else (spec/tyk.md, "How to read it").</summary>
internal sealed record StatusMessage(string Status, string Message)
{
    public static StatusMessage Ok(string message) => new("ok", message);

    public static StatusMessage Error(string message) => new("error", message);
}
