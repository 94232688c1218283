using EdgeAuth.Catalog;
using EdgeAuth.Limits;

namespace EdgeAuth.Enforcement;

/// <summary>The verdict on a request, apart from how it is written.</summary>
internal readonly record struct Decision
{
    /// <summary>Why it does not pass; <see cref="RefusalReason.None"/> when it does.</summary>
    public RefusalReason Refusal { get; init; }

    /// <summary>The way to authenticate that failed; meaningless where the refusal has another cause.</summary>
    public AuthMode Method { get; init; }

    /// <summary>The version that is asked for; null as long as none was found.</summary>
    public CompiledVersion? Version { get; init; }

    /// <summary>The limits of the key, and how they stand.</summary>
    public LimitStatus Limits { get; init; }
}
