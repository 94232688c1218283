namespace EdgeAuth.OAuth.Records;

/// <summary>Something that an application attached to a token.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Value">Its text.</param>
/// <param name="IsHidden">Client applications are not told of it.</param>
internal sealed record TokenProperty(string Key, string Value, bool IsHidden)
{
    /// <summary>The property whose value is a session object: the rules of the token.</summary>
    public const string Rules = "key_rules";

    /// <summary>The property whose value is a list of policy ids, with commas.</summary>
    public const string Policies = "apply_policies";
}
