using System.Collections.Concurrent;
using Yarp.ReverseProxy.Configuration;

namespace EdgeAuth.Catalog;

/// <summary>Hears from YARP whether a published generation was applied.</summary>
internal sealed class ReloadListener : IConfigChangeListener
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<string?>> _expected = new(StringComparer.Ordinal);

    /// <summary>Completes with null when the revision was applied, or with the reason when it was not.</summary>
    public Task<string?> Expect(string revision) =>
        _expected.GetOrAdd(revision, static _ => new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void ConfigurationLoadingFailed(IProxyConfigProvider configProvider, Exception exception)
    {
    }

    public void ConfigurationLoaded(IReadOnlyList<IProxyConfig> proxyConfigs)
    {
    }

    public void ConfigurationApplyingFailed(IReadOnlyList<IProxyConfig> proxyConfigs, Exception exception) =>
        Complete(proxyConfigs, exception is AggregateException many ? string.Join("; ", many.Flatten().InnerExceptions.Select(static error => error.Message)) : exception.Message);

    public void ConfigurationApplied(IReadOnlyList<IProxyConfig> proxyConfigs) => Complete(proxyConfigs, failure: null);

    private void Complete(IReadOnlyList<IProxyConfig> configs, string? failure)
    {
        foreach (var config in configs)
        {
            if (_expected.TryRemove(config.RevisionId, out var waiting))
            {
                waiting.TrySetResult(failure);
            }
        }
    }
}
