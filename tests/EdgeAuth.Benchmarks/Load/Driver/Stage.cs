using System.Globalization;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace EdgeAuth.Benchmarks.Load.Driver;

/// <summary>What a run stands on: a temporary folder, ports, the credentials, and the processes that end with it.</summary>
internal sealed partial class Stage : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly Dictionary<string, int> _ports = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly List<RunningProcess> _processes = [];
    private readonly int _firstPort;

    public Stage(string tools, int firstPort)
    {
        (Tools, _firstPort) = (tools, firstPort);
        Folder = Directory.CreateTempSubdirectory("edgeauth-load-").FullName;
        Credentials = Credentials.Create(Folder);
        _values["body"] = new string('x', StaticUpstream.BodySize);
        _values["jwt-key"] = Convert.ToBase64String(System.IO.File.ReadAllBytes(File("jwt.pem")));
        _values["rate"] = "1000000";
        _values["upstream"] = Address("upstream");
    }

    /// <summary>Where load.sh put what it built and installed.</summary>
    public string Tools { get; }

    public string Folder { get; }

    public Credentials Credentials { get; }

    /// <summary>The files of a certificate, where programs are to listen with TLS too.</summary>
    public (string Certificate, string Key)? Certificate { get; set; }

    /// <summary>The configurations of the peers, beside this program.</summary>
    public static string Peers => Path.Combine(AppContext.BaseDirectory, "Load", "Peers");

    public string File(string name) => Path.GetFullPath(Path.Combine(Folder, name));

    /// <summary>The port of that name, the next one for a name that is new.</summary>
    public int Port(string name) => _ports.TryGetValue(name, out var port) ? port : _ports[name] = _firstPort + _ports.Count;

    public string Address(string name, string path = "/") => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port(name)}{path}");

    /// <summary>Where a program is to listen: its port, and once there is a certificate another for TLS.</summary>
    public string Listen(string name) => Certificate is null ? Address(name) : $"{Address(name)};{SecureAddress(name)}";

    public string SecureAddress(string name, string path = "/") => string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{Port(name + "-tls")}{path}");

    /// <summary>What a .NET program needs in its environment to use the certificate, if there is one.</summary>
    public IReadOnlyDictionary<string, string> CertificateSettings() => Certificate is not { } files
        ? new Dictionary<string, string>(StringComparer.Ordinal)
        : new Dictionary<string, string>(StringComparer.Ordinal) { ["Kestrel__Certificates__Default__Path"] = files.Certificate, ["Kestrel__Certificates__Default__KeyPath"] = files.Key };

    public void Value(string name, string value) => _values[name] = value;

    /// <summary>Writes a peer's file into the run's folder, with ports, files and values in their places; returns where it is.</summary>
    public string Render(string peerFile, string? target = null)
    {
        var text = PlacePattern().Replace(System.IO.File.ReadAllText(Path.Combine(Peers, peerFile)), place => (place.Groups["kind"].Value, place.Groups["name"].Value) switch
        {
            ("port", var name) => Port(name).ToString(CultureInfo.InvariantCulture),
            ("url", var name) => Address(name),
            ("file", var name) => File(name),
            (_, var name) => _values[name],
        });
        var path = File(target ?? peerFile);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllText(path, text);
        return path;
    }

    public RunningProcess Start(string name, IReadOnlyDictionary<string, string> environment, string file, params IEnumerable<string> arguments)
    {
        var process = RunningProcess.Start(name, Folder, environment, file, arguments);
        _processes.Add(process);
        return process;
    }

    /// <summary>Waits until each port answers and, if given, the process has said something.</summary>
    public async Task WaitAsync(RunningProcess process, IEnumerable<string> ports, string? words, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartLimit);
        try
        {
            foreach (var port in ports)
            {
                while (!await OpensAsync(Port(port), limit.Token))
                {
                    await PauseAsync(process, limit.Token);
                }
            }

            while (words is not null && !process.Said(words))
            {
                await PauseAsync(process, limit.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new LoadException($"{process.Name} was not ready within {StartLimit.TotalSeconds:0} s: {process.Words}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in Enumerable.Reverse(_processes))
        {
            await process.DisposeAsync();
        }

        Directory.Delete(Folder, recursive: true);
    }

    private static async Task PauseAsync(RunningProcess process, CancellationToken cancellationToken)
    {
        await Task.Delay(50, cancellationToken);
        if (process.HasExited)
        {
            throw new LoadException($"{process.Name} did not start: {process.Words}");
        }
    }

    private static async Task<bool> OpensAsync(int port, CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    [GeneratedRegex("@(?<kind>port|url|file|value):(?<name>[^@]+)@", RegexOptions.ExplicitCapture)]
    private static partial Regex PlacePattern();
}
