using Microsoft.Extensions.Options;

namespace EdgeAuth.Sessions;

internal sealed class SessionsOptionsValidator : IValidateOptions<SessionsOptions>
{
    public ValidateOptionsResult Validate(string? name, SessionsOptions options)
    {
        var problems = new List<string>();
        if (options.MaxStaleness.Value < TimeSpan.FromMilliseconds(400) || options.MaxStaleness.Value > TimeSpan.FromSeconds(1))
        {
            problems.Add($"EdgeAuth:Sessions:MaxStaleness is {options.MaxStaleness}; allowed: 400ms to 1s");
        }

        if (options.CacheSize < 16)
        {
            problems.Add($"EdgeAuth:Sessions:CacheSize is {options.CacheSize}; allowed: 16 or more");
        }

        if (options.UnknownCacheSize < 16)
        {
            problems.Add($"EdgeAuth:Sessions:UnknownCacheSize is {options.UnknownCacheSize}; allowed: 16 or more");
        }

        foreach (var (key, retention) in new[] { ("ExpiredTokenRetention", options.ExpiredTokenRetention), ("ExpiredKeyRetention", options.ExpiredKeyRetention) })
        {
            if (retention.Value < TimeSpan.FromHours(1))
            {
                problems.Add($"EdgeAuth:Sessions:{key} is {retention}; allowed: 1h or more");
            }
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
