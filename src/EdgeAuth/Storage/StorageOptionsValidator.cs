using EdgeAuth.Storage.Redis;
using Microsoft.Extensions.Options;

namespace EdgeAuth.Storage;

internal sealed class StorageOptionsValidator : IValidateOptions<StorageOptions>
{
    private const string Section = "EdgeAuth:Storage:";
    private const int LongestPrefix = 64;

    public ValidateOptionsResult Validate(string? name, StorageOptions options)
    {
        var problems = new List<string>();
        if (options.UsesRedis())
        {
            CheckRedis(options.Redis, problems);
        }
        else if (!string.Equals(options.Provider, "sqlite", StringComparison.OrdinalIgnoreCase))
        {
            problems.Add($"{Section}Provider is \"{options.Provider}\"; allowed: sqlite, redis");
        }
        else if (string.IsNullOrWhiteSpace(options.Sqlite.Path))
        {
            problems.Add($"{Section}Sqlite:Path is empty; give the database file");
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static void CheckRedis(RedisOptions redis, List<string> problems)
    {
        // The text holds a password: it is never part of a message.
        if (!RedisConfiguration.IsReadable(redis.Configuration))
        {
            problems.Add($"{Section}Redis:Configuration cannot be read; write it like redis1:6379,redis2:6379,password=...,ssl=true,defaultDatabase=1");
        }

        if (redis.CertificateAuthorities is { Length: > 0 } file && RedisConfiguration.ReadAuthorities(file) is null)
        {
            problems.Add($"{Section}Redis:CertificateAuthorities is \"{file}\", where no certificate can be read; name a file of certificates in PEM");
        }

        if (redis.Timeout.Value < TimeSpan.FromMilliseconds(50) || redis.Timeout.Value > TimeSpan.FromSeconds(5))
        {
            problems.Add($"{Section}Redis:Timeout is {redis.Timeout}; allowed: 50ms to 5s");
        }

        if (redis.OutageGrace.Value > TimeSpan.FromHours(1))
        {
            problems.Add($"{Section}Redis:OutageGrace is {redis.OutageGrace}; allowed: 0s to 1h");
        }

        // A brace would become part of the hash tag, by which Redis Cluster places a key.
        if (redis.Prefix.Length > LongestPrefix || redis.Prefix.AsSpan().ContainsAny('{', '}'))
        {
            problems.Add($"{Section}Redis:Prefix is \"{redis.Prefix}\"; allowed: up to {LongestPrefix} characters without braces");
        }
    }
}
