using System.Globalization;
using System.Runtime.InteropServices;

namespace EdgeAuth.Benchmarks.Load.Driver;

/// <summary>What a run was made on, and with which versions.</summary>
internal sealed record Machine(string Hardware, string Versions)
{
    public static async Task<Machine> ReadAsync(CancellationToken cancellationToken)
    {
        var model = File.ReadLines("/proc/cpuinfo").FirstOrDefault(static line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1024.0 * 1024 * 1024);
        var versions = new List<string> { RuntimeInformation.FrameworkDescription, "YARP " + typeof(Yarp.ReverseProxy.Configuration.RouteConfig).Assembly.GetName().Version!.ToString(3) };
        foreach (var (name, command) in new[] { ("nginx", "nginx -v 2>&1 | sed 's,.*/,,'"), ("haproxy", "haproxy -v | sed -n '1s/.*version \\([^ ]*\\).*/\\1/p'"), ("Redis", "redis-server --version | sed 's/.* v=\\([^ ]*\\).*/\\1/'"), ("Go", "go version | cut -d' ' -f3"), ("Node", "node --version"), ("wrk", "wrk -v | sed -n '1s/^wrk \\([^ ]*\\).*/\\1/p'") })
        {
            try
            {
                versions.Add($"{name} {(await ShortCommand.RunAsync("sh", ["-c", "PATH=$PATH:/usr/sbin; " + command], cancellationToken)).Trim()}");
            }
            catch (LoadException)
            {
                versions.Add(name + " is not installed");
            }
        }

        return new Machine(string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} processors, {model}; {memory:0} GiB; {RuntimeInformation.OSDescription}"), string.Join(", ", versions));
    }

    public override string ToString() => $"{DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC. {Hardware}. {Versions}. Load generator, upstream and proxies share the processors.";
}
