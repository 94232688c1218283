using EdgeAuth.Catalog.Descriptions;
using Microsoft.AspNetCore.Http;

namespace EdgeAuth.Catalog;

/// <summary>Something that is answered below the mounts of APIs rather than proxied.</summary>
/// <param name="Suffix">The path below the mount, from its slash on.</param>
/// <param name="Serves">The APIs that have it.</param>
/// <param name="Handle">Answers every method. It gets the API of the generation in force.</param>
internal sealed record ApiEndpoint(string Suffix, Func<CompiledApi, bool> Serves, Func<HttpContext, CompiledApi, Task> Handle)
{
    /// <summary>The methods it serves; none where it is only kept from being proxied.</summary>
    public required IReadOnlyList<Operation> Operations { get; init; }
}
