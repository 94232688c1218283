using System.Text.Json;
using EdgeAuth.Catalog.Reading;
using Microsoft.Extensions.Logging;

namespace EdgeAuth.Catalog.Writing;

/// <summary>
/// Writes definitions and policies into the configuration directory: what is there is changed in the file that holds it (spec/tyk.md j.5). Before
/// anything is written the whole directory is checked as it would be then. It takes effect with the next reload.
/// </summary>
internal sealed partial class CatalogWriter(ConfigurationSource configuration, CatalogPreparation preparation, CatalogReloader reloader, ILogger<CatalogWriter> logger)
{
    private const int LongestId = 200;
    private const string Api = "api";
    private const string Policy = "policy";

    /// <summary>True for an id that can name a file and stand in a path.</summary>
    public static bool IsName(string id) =>
        id.Length is > 0 and <= LongestId && id is not ("." or "..") && id.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-' or '~');

    /// <summary>Writes a definition in the place of the one with its id, which may be made up for this call, or into a file of its own.</summary>
    public Task<CatalogWriteResult> PutApiAsync(string id, bool madeUp, JsonElement definition, ChangeSet changes, CancellationToken cancellationToken) => WriteAsync(
        files =>
        {
            var holder = Holder.OfApi(files, id);
            return (Edit(files, holder?.File ?? FreePath(files, ConfigurationDirectory.Apis, id), JsonEdit.Text(JsonEdit.WithId(definition, "api_id", id))), Put(Api, id, holder is not null, madeUp));
        },
        changes,
        cancellationToken);

    /// <summary>Whether the directory has a definition, loaded or not. True when it cannot be read: it may have it, and no write succeeds.</summary>
    public Task<bool> HasApiAsync(string id, CancellationToken cancellationToken) =>
        reloader.BetweenReloadsAsync(() => Task.FromResult(TryLook() is not { } files || Holder.OfApi(files, id) is not null), cancellationToken);

    /// <summary>Removes a definition with its file.</summary>
    public Task<CatalogWriteResult> DeleteApiAsync(string id, ChangeSet changes, CancellationToken cancellationToken) => WriteAsync(
        files => Holder.OfApi(files, id) is { } holder ? (Edit(files, holder.File, content: null), Change.Deleted(Api, id)) : null,
        changes,
        cancellationToken);

    /// <summary>Writes a policy in the place of the one with its id, or as the only entry of a file of its own.</summary>
    public Task<CatalogWriteResult> PutPolicyAsync(string id, JsonElement policy, ChangeSet changes, CancellationToken cancellationToken) => WriteAsync(
        files =>
        {
            var holder = Holder.OfPolicy(files, id);
            var document = JsonEdit.WithId(policy, "id", id);
            var edit = holder is null ? Edit(files, FreePath(files, ConfigurationDirectory.Policies, id), JsonEdit.Alone(id, document))
                : Edit(files, holder.File, holder.IsAlone ? JsonEdit.Text(document) : JsonEdit.WithMember(Document(files, holder.File), id, document));
            return (edit, Put(Policy, id, holder is not null));
        },
        changes,
        cancellationToken);

    /// <summary>Removes a policy, and its file when it was the only one in it.</summary>
    public Task<CatalogWriteResult> DeletePolicyAsync(string id, ChangeSet changes, CancellationToken cancellationToken) => WriteAsync(
        files =>
        {
            if (Holder.OfPolicy(files, id) is not { } holder)
            {
                return null;
            }

            var document = Document(files, holder.File);
            var isLast = holder.IsAlone || !document.EnumerateObject().Any(member => !string.Equals(member.Name, id, StringComparison.Ordinal) && member.Name is not DocumentReader.SchemaMember);
            return (Edit(files, holder.File, isLast ? null : JsonEdit.WithMember(document, id, value: null)), Change.Deleted(Policy, id));
        },
        changes,
        cancellationToken);

    // One write at a time, and none while a reload reads.
    private Task<CatalogWriteResult> WriteAsync(Func<IReadOnlyList<ConfigurationFile>, (FileEdit Edit, Change Change)?> plan, ChangeSet changes, CancellationToken cancellationToken) =>
        reloader.BetweenReloadsAsync(
            async () =>
            {
                if (TryLook() is not { } files)
                {
                    return CatalogWriteResult.Failed;
                }

                if (plan(files) is not var (edit, change))
                {
                    return CatalogWriteResult.NotFound;
                }

                if (await CheckAsync(files, edit) is { Count: > 0 } problems)
                {
                    return CatalogWriteResult.Refused(problems);
                }

                var carriedOut = await changes.CommitAsync([change], () => ValueTask.FromResult(TryApply(edit)));
                return carriedOut ? CatalogWriteResult.Written : CatalogWriteResult.Failed;
            },
            cancellationToken);

    // Null when not all of it can be read: what is written must not be there twice, nor be written without the rest.
    private IReadOnlyList<ConfigurationFile>? TryLook()
    {
        var problems = new ProblemList();
        var files = configuration.Directory.Look(problems);
        foreach (var problem in problems.All)
        {
            Log.Unreadable(logger, problem.File, problem.Reason);
        }

        return problems.HasErrors ? null : files;
    }

    // The errors that the edit brings: one that the directory has already must not keep it from being mended.
    private async Task<IReadOnlyList<Problem>> CheckAsync(IReadOnlyList<ConfigurationFile> files, FileEdit edit)
    {
        var after = new ProblemList();
        await preparation.CheckAsync(Apply(files, edit), after);
        if (!after.HasErrors)
        {
            return [];
        }

        var before = new ProblemList();
        await preparation.CheckAsync(files, before);
        return [.. after.All.Where(static problem => problem.Severity == ProblemSeverity.Error).Except(before.All)];
    }

    private bool TryApply(FileEdit edit)
    {
        try
        {
            var directory = configuration.Directory;
            directory.Apply(edit);

            // Both, as the folder may be new. Only then is the write acknowledged.
            DirectorySync.TryFlush(Path.Combine(directory.FullPath, Path.GetDirectoryName(edit.Path)!));
            DirectorySync.TryFlush(directory.FullPath);
            Log.Written(logger, edit.Path);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Log.Failed(logger, edit.Path, error);
            return false;
        }
    }

    private static List<ConfigurationFile> Apply(IReadOnlyList<ConfigurationFile> files, FileEdit edit)
    {
        var others = files.Where(file => !string.Equals(file.Path, edit.Path, StringComparison.Ordinal));
        return edit.Content is null
            ? [.. others]
            : [.. others.Append(new ConfigurationFile(edit.Path, edit.Content)).OrderBy(static file => file.Path, StringComparer.Ordinal)];
    }

    private static FileEdit Edit(IReadOnlyList<ConfigurationFile> files, string path, byte[]? content) =>
        new(path, files.FirstOrDefault(file => string.Equals(file.Path, path, StringComparison.Ordinal))?.Content, content);

    private static Change Put(string kind, string id, bool exists, bool madeUp = false) => exists ? Change.Modified(kind, id) : Change.Added(kind, id, madeUp: madeUp);

    private static JsonElement Document(IReadOnlyList<ConfigurationFile> files, string path) =>
        DocumentReader.Parse(files.First(file => string.Equals(file.Path, path, StringComparison.Ordinal)), new ProblemList())!.Value;

    // The file is named after the id, unless one of that name holds something else. A name that began with a dot would not be read.
    private static string FreePath(IReadOnlyList<ConfigurationFile> files, string folder, string id)
    {
        var name = $"{folder}/{(id.StartsWith('.') ? "_" : "")}{id}";
        var path = name + ".json";
        for (var number = 2; files.Any(file => string.Equals(file.Path, path, StringComparison.OrdinalIgnoreCase)); number++)
        {
            path = $"{name}-{number}.json";
        }

        return path;
    }

    private static partial class Log
    {
        [LoggerMessage(130, LogLevel.Information, "{File} was written; it takes effect with the next reload", EventName = "ConfigurationWritten")]
        public static partial void Written(ILogger logger, string file);

        [LoggerMessage(131, LogLevel.Error, "{File} cannot be written; it is as it was", EventName = "ConfigurationWriteFailed")]
        public static partial void Failed(ILogger logger, string file, Exception error);

        [LoggerMessage(132, LogLevel.Error, "Nothing is written: {File}: {Reason}", EventName = "ConfigurationWriteNotPossible")]
        public static partial void Unreadable(ILogger logger, string file, string reason);
    }
}
