using System.Text;
using EdgeAuth.OAuth.Secrets;
using EdgeAuth.Storage;
using EdgeAuth.Tests.TestHost;
using Microsoft.Extensions.Options;

namespace EdgeAuth.Tests.OAuth.Secrets;

public sealed class WrappingKeysTests : IDisposable
{
    private static readonly string OneKey = Convert.ToBase64String(new byte[WrappingKeys.KeySize]);
    private static readonly string OtherKey = Convert.ToBase64String([.. Enumerable.Repeat((byte)9, WrappingKeys.KeySize)]);
    private readonly TempFolder _folder = new();

    private string KeyFile => _folder.File("edgeauth.db.key");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Wrapping_IsUndoneByTheSameKey_AndHidesTheText()
    {
        var plain = Encoding.UTF8.GetBytes("a secret");
        var keys = Keys(OneKey);

        var wrapped = keys.Wrap(plain);

        Assert.Equal(plain, keys.Unwrap(wrapped));
        Assert.Equal(-1, wrapped.AsSpan().IndexOf("secret"u8));
        Assert.NotEqual(wrapped, keys.Wrap(plain));
        Assert.Empty(keys.Unwrap(keys.Wrap([]))!);
    }

    [Fact]
    public void Unwrap_TakesEarlierKeys_AndWrapUsesTheNewOne()
    {
        var old = Keys(OneKey).Wrap([1, 2, 3]);
        var rotated = Keys(OtherKey, OneKey);

        Assert.Equal([1, 2, 3], rotated.Unwrap(old));
        Assert.Null(Keys(OneKey).Unwrap(rotated.Wrap([1, 2, 3])));
        Assert.Null(Keys(OtherKey).Unwrap(old));
    }

    [Fact]
    public void Unwrap_RefusesWhatWasTamperedWith()
    {
        var keys = Keys(OneKey);
        var wrapped = keys.Wrap([1, 2, 3]);

        for (var i = 0; i < wrapped.Length; i++)
        {
            byte[] changed = [.. wrapped];
            changed[i] ^= 1;
            Assert.Null(keys.Unwrap(changed));
            Assert.Null(keys.Unwrap(wrapped.AsSpan(0, i)));
        }
    }

    [Fact]
    public void KeyFile_IsMadeOnce_ForItsOwnerOnly()
    {
        var wrapped = Keys(key: null).Wrap([1, 2, 3]);

        Assert.Equal(WrappingKeys.KeySize, new FileInfo(KeyFile).Length);
        Assert.Equal([1, 2, 3], Keys(key: null).Unwrap(wrapped));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyFile));
        }
    }

    [Fact]
    public void KeyFile_IsNotNeeded_WhenAKeyIsConfigured()
    {
        Keys(OneKey);

        Assert.False(File.Exists(KeyFile));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void DamagedKeyFile_EndsTheStart_AndIsLeftAsItIs(int size)
    {
        File.WriteAllBytes(KeyFile, new byte[size]);

        var error = Assert.Throws<StoreStartupException>(() => Keys(key: null));

        Assert.Equal($"The key file {KeyFile} is damaged: it must have 32 bytes. Restore it, or set EdgeAuth:Secrets:Key.", error.Message);
        Assert.Equal(size, new FileInfo(KeyFile).Length);
    }

    [Fact]
    public void KeyFile_ThatCannotBeMade_EndsTheStart()
    {
        Directory.CreateDirectory(KeyFile);

        var error = Assert.Throws<StoreStartupException>(() => Keys(key: null));

        Assert.StartsWith($"The key file {KeyFile} cannot be used: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("Set EdgeAuth:Secrets:Key", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not base64!", "Key")]
    [InlineData("c2hvcnQ=", "Key")]
    public void ConfiguredKey_MustBeThirtyTwoBytesInBase64(string key, string name)
    {
        var result = new SecretsOptionsValidator().Validate(null, new SecretsOptions { Key = key });

        Assert.True(result.Failed);
        Assert.StartsWith($"EdgeAuth:Secrets:{name} must be 32 bytes in base64", result.FailureMessage, StringComparison.Ordinal);
        Assert.DoesNotContain(key, result.FailureMessage, StringComparison.Ordinal);
        Assert.True(new SecretsOptionsValidator().Validate(null, new SecretsOptions { Key = OneKey, PreviousKeys = { OtherKey } }).Succeeded);
        Assert.Contains("PreviousKeys:1", new SecretsOptionsValidator().Validate(null, new SecretsOptions { PreviousKeys = { OneKey, key } }).FailureMessage, StringComparison.Ordinal);
    }

    // Nodes that share a store share no disk, and a home directory of their own may not be there at all.
    [Fact]
    public void SharedStore_HasNoKeyFile_AndWrapsOnlyUnderAConfiguredKey()
    {
        var options = Options.Create(new StorageOptions { Provider = "redis", Sqlite = new SqliteOptions { Path = _folder.File("missing/edgeauth.db") } });

        var unset = new WrappingKeys(Options.Create(new SecretsOptions()), options);

        Assert.False(unset.Wraps);
        Assert.Equal([1, 2, 3], unset.Wrap([1, 2, 3]));
        Assert.False(Directory.Exists(_folder.File("missing")));
        var set = new WrappingKeys(Options.Create(new SecretsOptions { Key = OneKey }), options);
        Assert.True(set.Wraps);
        Assert.Equal([1, 2, 3], set.Unwrap(set.Wrap([1, 2, 3])));
        Assert.Null(unset.Unwrap(set.Wrap([1, 2, 3])));
    }

    private WrappingKeys Keys(string? key, params string[] previous)
    {
        var options = new SecretsOptions { Key = key };
        foreach (var earlier in previous)
        {
            options.PreviousKeys.Add(earlier);
        }

        return new WrappingKeys(Options.Create(options), SqliteStore.OptionsFor(_folder.File("edgeauth.db")));
    }
}
