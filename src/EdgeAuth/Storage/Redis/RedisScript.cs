using System.Security.Cryptography;
using System.Text;
using StackExchange.Redis;

namespace EdgeAuth.Storage.Redis;

/// <summary>A Lua script of this folder's <c>Scripts</c>. It is called by its hash, and sent whole where Redis does not have it.</summary>
internal sealed class RedisScript
{
    /// <param name="name">The file's name without <c>.lua</c>.</param>
    public RedisScript(string name)
    {
        Name = name;
        using var stream = typeof(RedisScript).Assembly.GetManifestResourceStream($"EdgeAuth.Storage.Redis.Scripts.{name}.lua")!;
        using var reader = new StreamReader(stream);
        Text = reader.ReadToEnd();
        Hash = HashOf(Text);
    }

    public string Name { get; }

    public string Text { get; }

    // Redis names scripts by SHA-1; nothing is secured by it.
#pragma warning disable CA5350
    public byte[] Hash { get; }

    private static byte[] HashOf(string text) => SHA1.HashData(Encoding.UTF8.GetBytes(text));
#pragma warning restore CA5350

    /// <summary>Calls the script by its hash.</summary>
    public Task<RedisResult> CallAsync(IDatabase database, RedisKey[] keys, RedisValue[] arguments) =>
        database.ScriptEvaluateAsync(Hash, keys, arguments, CommandFlags.DemandMaster);

    /// <summary>Sends the script whole, after which Redis has it.</summary>
    public Task<RedisResult> SendAsync(IDatabase database, RedisKey[] keys, RedisValue[] arguments)
    {
        var all = new List<object>(2 + keys.Length + arguments.Length) { Text, keys.Length };
        foreach (var key in keys)
        {
            all.Add(key);
        }

        foreach (var argument in arguments)
        {
            all.Add(argument);
        }

        return database.ExecuteAsync("EVAL", all, CommandFlags.DemandMaster);
    }

    public override string ToString() => Name;
}
