namespace EdgeAuth.OAuth.Secrets;

/// <summary>The keys that wrap what must be decrypted again: the section <c>EdgeAuth:Secrets</c>. A change needs a restart.</summary>
public sealed class SecretsOptions
{
    /// <summary>32 bytes in base64. Unset, a key is made and kept in a file beside the SQLite database, readable by its owner only; on Redis nothing is wrapped then.</summary>
    public string? Key { get; set; }

    /// <summary>Earlier keys, which still open what they wrapped.</summary>
    public IList<string> PreviousKeys { get; } = [];
}
