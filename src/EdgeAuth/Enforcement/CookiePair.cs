namespace EdgeAuth.Enforcement;

/// <summary>One <c>name=value</c> of a <c>Cookie</c> field. Names count to the letter.</summary>
internal static class CookiePair
{
    /// <summary>The value, without the quotes around it, if the pair has this name.</summary>
    public static bool TryGetValue(ReadOnlySpan<char> pair, string name, out ReadOnlySpan<char> value)
    {
        var equals = pair.IndexOf('=');
        value = equals < 0 ? default : pair[(equals + 1)..].Trim();
        if (value is ['"', .., '"'])
        {
            value = value[1..^1];
        }

        return pair[..(equals < 0 ? pair.Length : equals)].Trim().SequenceEqual(name);
    }
}
