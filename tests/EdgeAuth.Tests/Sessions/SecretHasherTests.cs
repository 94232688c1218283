using System.Security.Cryptography;
using EdgeAuth.Sessions;
using EdgeAuth.Storage;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Sessions;

/// <summary>Secrets that a caller chose (design: secrets).</summary>
public sealed class SecretHasherTests
{
    private const int Iterations = 2000;
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly FakeTime _time = new();

    [Fact]
    public async Task Hash_IsPbkdf2WithSha256_UnderASaltOfItsOwn()
    {
        using var hasher = Hasher(Iterations);

        var (one, two) = (await hasher.HashAsync("sécret", None), await hasher.HashAsync("sécret", None));

        Assert.NotEqual(one, two);
        Assert.Matches(@"^pbkdf2-sha256\$2000\$[A-Za-z0-9+/=]{24}\$[A-Za-z0-9+/=]{44}$", one);
        var parts = one.Split('$');
        Assert.Equal(Rfc2898DeriveBytes.Pbkdf2("sécret", Convert.FromBase64String(parts[2]), Iterations, HashAlgorithmName.SHA256, 32), Convert.FromBase64String(parts[3]));
    }

    [Theory]
    [InlineData("secret", true)]
    [InlineData("Secret", false)]
    [InlineData("secret ", false)]
    [InlineData("", false)]
    public async Task Secret_IsVerified_WhateverTheIterationsAreNow(string secret, bool expected)
    {
        using var before = Hasher(Iterations);
        using var now = Hasher(Iterations + 1);
        var stored = await before.HashAsync("secret", None);

        Assert.Equal(expected, await now.VerifyAsync(secret, stored, None));
    }

    [Theory]
    [InlineData("")]
    [InlineData("secret")]
    [InlineData("plain$secret")]
    [InlineData("pbkdf2-sha1$2000$AAAA$AAAA")]
    [InlineData("pbkdf2-sha256$many$AAAA$AAAA")]
    [InlineData("pbkdf2-sha256$2000$AAAA")]
    [InlineData("pbkdf2-sha256$2000$AAAA$AAAA$AAAA")]
    public async Task StoredTextOfAnotherForm_VerifiesNothing(string stored)
    {
        using var hasher = Hasher(Iterations);

        Assert.False(await hasher.VerifyAsync("secret", stored, None));
        Assert.False(await hasher.VerifyAsync(stored, stored, None));
    }

    // A success costs nothing for a minute; what was remembered for one secret or hash serves no other.
    [Fact]
    public async Task Success_IsRemembered_ForAMinute()
    {
        using var hasher = Hasher(Iterations);
        var stored = await hasher.HashAsync("secret", None);
        var other = await hasher.HashAsync("another", None);
        Assert.Equal(Iterations, await CostAsync(hasher, () => hasher.VerifyAsync("secret", stored, None), expected: true));

        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(0, await CostAsync(hasher, () => hasher.VerifyAsync("secret", stored, None), expected: true));
        Assert.Equal(Iterations, await CostAsync(hasher, () => hasher.VerifyAsync("secret", other, None), expected: false));
        Assert.Equal(Iterations, await CostAsync(hasher, () => hasher.VerifyAsync("wrong", stored, None), expected: false));
        Assert.Equal(Iterations, await CostAsync(hasher, () => hasher.VerifyAsync("wrong", stored, None), expected: false));

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(Iterations, await CostAsync(hasher, () => hasher.VerifyAsync("secret", stored, None), expected: true));
    }

    // Otherwise the time of an answer would tell which ids exist.
    [Fact]
    public async Task UnknownId_CostsWhatAVerificationCosts()
    {
        using var hasher = Hasher(Iterations);
        var stored = await hasher.HashAsync("secret", None);

        Assert.Equal(Iterations, await CostAsync(hasher, () => hasher.VerifyAsync("wrong", stored, None), expected: false));
        Assert.Equal(Iterations, await CostAsync(hasher, SpendAsync, expected: false));
        Assert.Equal(Iterations, await CostAsync(hasher, () => hasher.VerifyAsync("wrong", "no hash", None), expected: false));

        async ValueTask<bool> SpendAsync()
        {
            await hasher.SpendAsync("wrong", None);
            return false;
        }
    }

    // A flood of secrets is turned away at some point; it neither grows without end nor takes the work of the others.
    [Fact]
    public async Task SecretBeyondTheLastThatMayWait_IsTurnedAway()
    {
        using var hasher = Hasher(5_000_000);
        using var done = new CancellationTokenSource();
        var cores = Math.Max(1, Environment.ProcessorCount - 1);
        var waiting = Enumerable.Range(0, cores + 1024).Select(_ => hasher.SpendAsync("wrong", done.Token).AsTask()).ToList();

        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await hasher.SpendAsync("wrong", None));

        await done.CancelAsync();
        foreach (var one in waiting.Skip(cores))
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one);
        }
    }

    private static async Task<long> CostAsync(SecretHasher hasher, Func<ValueTask<bool>> work, bool expected)
    {
        var before = hasher.RoundsSpent;
        Assert.Equal(expected, await work());
        return hasher.RoundsSpent - before;
    }

    private SecretHasher Hasher(int iterations) =>
        new(Catalogs.Holder(Catalogs.Compile([Definitions.Keys("orders", "http://127.0.0.1:9")], oauth: settings => settings.SecretIterations = iterations)), _time);
}
