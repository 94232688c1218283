using System.Collections.Concurrent;
using System.Net;
using System.Text;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Secrecy;

/// <summary>The secrets of one run, by what they are, in every form in which they were sent.</summary>
internal sealed class Secrets
{
    private readonly ConcurrentDictionary<string, string> _forms = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>The forms, each with the name of its secret.</summary>
    public IReadOnlyCollection<KeyValuePair<string, string>> Forms => [.. _forms];

    /// <summary>A text that nobody else in this process uses.</summary>
    public string New(string name) => Add(name, $"{name.Replace(' ', '-')}-{Interlocked.Increment(ref _count)}-{Guid.NewGuid():N}");

    /// <summary>Remembers a secret and returns it.</summary>
    public string Add(string name, string secret)
    {
        Assert.True(secret.Length >= 12, name + " is too short to be looked for");
        foreach (var form in new[] { secret, WebUtility.UrlEncode(secret), Uri.EscapeDataString(secret), Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)) })
        {
            _forms.TryAdd(form, name);
        }

        return secret;
    }

    /// <summary>A client with its secret, and the two as Basic sends them.</summary>
    public OAuthClient Add(OAuthClient client)
    {
        Add("client secret", client.Secret);
        Add("basic credentials", $"{client.Id}:{client.Secret}");
        return client;
    }

    /// <summary>The secrets that stand in a text, by name, with what is around them.</summary>
    public IEnumerable<string> In(string text) =>
        from form in _forms
        let at = text.IndexOf(form.Key, StringComparison.OrdinalIgnoreCase)
        where at >= 0
        select $"{form.Value}: ...{text[Math.Max(0, at - 80)..Math.Min(text.Length, at + 40)].ReplaceLineEndings(" ")}...";
}
