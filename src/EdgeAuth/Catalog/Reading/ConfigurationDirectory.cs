using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace EdgeAuth.Catalog.Reading;

/// <summary>The configuration directory: <c>gateway.json</c>, <c>apis/*.json</c> and <c>policies/*.json</c>. Nothing else in it counts.</summary>
internal sealed class ConfigurationDirectory(string directoryPath)
{
    public const string Gateway = "gateway.json";
    public const string Apis = "apis";
    public const string Policies = "policies";

    private const string Missing = "the configuration directory does not exist";

    // What each file was like when it was last read, by its path.
    private volatile ImmutableSortedDictionary<string, string>? _read;
    private readonly Lock _applying = new();
    private bool _seen;

    public string FullPath { get; } = Path.GetFullPath(directoryPath);

    public bool Exists => Directory.Exists(FullPath);

    /// <summary>The fingerprint that was last read, with what this process wrote since; null before the first reading.</summary>
    public string? FingerprintRead => _read is { } read ? Hash(read) : null;

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
            problems.Error(Gateway, "$", value: null, Missing + " any more");
        }

        return ReadFiles(problems, Remember);

        // Before the files are read: what changes meanwhile then differs from it.
        void Remember() => _read = Scan();
    }

    /// <summary>
    /// As <see cref="Read"/>, but what is read does not count as taken up: a change of it is still news to who watches. A directory that does not
    /// exist is a problem: this is how it is read before it is written.
    /// </summary>
    public IReadOnlyList<ConfigurationFile> Look(ProblemList problems)
    {
        if (!Exists)
        {
            problems.Error(Gateway, "$", value: null, Missing);
        }

        return ReadFiles(problems, static () => { });
    }

    /// <summary>Changes whenever a file that counts may have changed: names, sizes and times of last writing.</summary>
    public string Fingerprint() => Hash(Scan());

    /// <summary>The fingerprint, when it is another than the one that was read; null when it is not, or nothing was read yet.</summary>
    public string? FindNews()
    {
        lock (_applying)
        {
            return FingerprintRead is { } read && Fingerprint() is var found && !string.Equals(found, read, StringComparison.Ordinal) ? found : null;
        }
    }

    /// <summary>
    /// Replaces, adds or removes a file, whole or not at all, also in a crash. Who watches does not take it for a change, unless the file had one
    /// already that was not read.
    /// </summary>
    /// <exception cref="IOException">It cannot be written, or it is not any more what was read.</exception>
    public void Apply(FileEdit edit)
    {
        var path = Path.Combine(FullPath, edit.Path);
        lock (_applying)
        {
            // One file in a new directory would be a configuration without all the others.
            if (!Exists)
            {
                throw new DirectoryNotFoundException(Missing);
            }

            var known = string.Equals(Stamp(path), _read?.GetValueOrDefault(path), StringComparison.Ordinal);
            var stamp = edit.Content is { } content ? Replace(path, edit.Read, content) : Remove(path, edit.Read);
            if (known && _read is { } read)
            {
                _read = stamp is null ? read.Remove(path) : read.SetItem(path, stamp);
            }
        }
    }

    private List<ConfigurationFile> ReadFiles(ProblemList problems, Action begin)
    {
        List<string> paths;
        try
        {
            begin();
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

    private ImmutableSortedDictionary<string, string> Scan() =>
        List().ToImmutableSortedDictionary(static path => path, static path => Stamp(path) ?? "gone", StringComparer.Ordinal);

    private static string Hash(ImmutableSortedDictionary<string, string> stamps) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', stamps.Select(static file => $"{file.Key}|{file.Value}")))));

    // Null when there is no such file. Where a name, or a directory above it, is a link, what it leads to is what counts.
    private static string? Stamp(string path) => new FileInfo(RealPath(path)) is { Exists: true } target ? Stamp(target.FullName, target) : null;

    private static string Stamp(string path, FileInfo file) => $"{path}|{file.Length}|{file.LastWriteTimeUtc.Ticks}";

    private static string? Remove(string path, byte[]? read)
    {
        ThrowIfChanged(path, read);
        File.Delete(path);
        return null;
    }

    // Returns the stamp of what was written: whatever is written over it the next moment has another.
    private static string Replace(string path, byte[]? read, byte[] content)
    {
        var folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);

        // Its name begins with a dot, so it is never read; one that a crash left goes.
        var temporary = Path.Combine(folder, $".{Path.GetFileName(path)}.{Environment.ProcessId}.tmp");
        File.Delete(temporary);
        try
        {
            using (var file = new FileStream(temporary, NewFile(path)))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }

            var written = new FileInfo(temporary);
            var stamp = Stamp(RealPath(folder) + Path.DirectorySeparatorChar + Path.GetFileName(path), written);
            ThrowIfChanged(path, read);
            File.Move(temporary, path, overwrite: true);
            return stamp;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    // Definitions hold secrets: a file that only some may read stays such a file.
    private static FileStreamOptions NewFile(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows() && File.Exists(path))
        {
            options.UnixCreateMode = File.GetUnixFileMode(path);
        }

        return options;
    }

    private static void ThrowIfChanged(string path, byte[]? read)
    {
        if (File.Exists(path) ? read is null || !File.ReadAllBytes(path).AsSpan().SequenceEqual(read) : read is not null)
        {
            throw new IOException("The file has changed meanwhile.");
        }
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
