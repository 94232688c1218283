using System.Security.Cryptography;
using System.Text;

namespace EdgeAuth.Catalog.Reading;

/// <summary>The configuration directory: <c>gateway.json</c>, <c>apis/*.json</c> and <c>policies/*.json</c>. Nothing else in it counts.</summary>
internal sealed class ConfigurationDirectory(string directoryPath)
{
    public const string Gateway = "gateway.json";
    public const string Apis = "apis";
    public const string Policies = "policies";

    private volatile string? _read;
    private bool _seen;

    public string FullPath { get; } = Path.GetFullPath(directoryPath);

    public bool Exists => Directory.Exists(FullPath);

    /// <summary>The fingerprint that was last read; null before the first reading.</summary>
    public string? FingerprintRead => _read;

    /// <summary>Reads every file that counts, in order of name. A file that cannot be read is a problem.</summary>
    public IReadOnlyList<ConfigurationFile> Read(ProblemList problems)
    {
        // A directory that is being replaced, or whose mount is gone, is not a configuration without APIs.
        if (Exists)
        {
            _seen = true;
        }
        else if (_seen)
        {
            problems.Error(Gateway, "$", value: null, "the configuration directory does not exist any more");
        }

        List<string> paths;
        try
        {
            // Taken before the files are read: what changes meanwhile then differs from it.
            _read = Fingerprint();
            paths = List();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            problems.Error(Gateway, "$", value: null, "the configuration directory cannot be read: " + error.Message);
            return [];
        }

        var files = new List<ConfigurationFile>();
        foreach (var path in paths)
        {
            var relative = Path.GetRelativePath(FullPath, path).Replace('\\', '/');
            try
            {
                files.Add(new ConfigurationFile(relative, File.ReadAllBytes(path)));
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                problems.Error(relative, "$", value: null, "cannot be read: " + error.Message);
            }
        }

        return files;
    }

    /// <summary>Changes whenever a file that counts may have changed: names, sizes and times of last writing.</summary>
    public string Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var path in List())
        {
            // Where a name, or a directory above it, is a link, what it leads to is what counts.
            var target = new FileInfo(RealPath(path));
            var line = target.Exists ? $"{path}|{target.FullName}|{target.Length}|{target.LastWriteTimeUtc.Ticks}\n" : $"{path}|gone\n";
            hash.AppendData(Encoding.UTF8.GetBytes(line));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // Directories that are swapped by a link keep the names, and may keep sizes and times, of what is in them.
    private static string RealPath(string path)
    {
        var real = Path.GetPathRoot(path)!;
        foreach (var name in path[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            real = Path.Combine(real, name);
            if (new FileInfo(real) is { LinkTarget: not null } link && link.ResolveLinkTarget(returnFinalTarget: true) is { } target)
            {
                real = RealPath(target.FullName);
            }
        }

        return real;
    }

    private List<string> List()
    {
        var found = new List<string>();
        var gateway = Path.Combine(FullPath, Gateway);
        if (File.Exists(gateway))
        {
            found.Add(gateway);
        }

        foreach (var folder in (string[])[Apis, Policies])
        {
            var directory = Path.Combine(FullPath, folder);
            if (Directory.Exists(directory))
            {
                found.AddRange(Directory.EnumerateFiles(directory, "*.json")
                    .Where(static file => !Path.GetFileName(file).StartsWith('.'))
                    .Order(StringComparer.Ordinal));
            }
        }

        return found;
    }
}
