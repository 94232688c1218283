namespace EdgeAuth.Catalog.Descriptions;

/// <summary>
/// A method that an endpoint serves, as callers are told of it. Endpoints carry one for each of their methods as metadata, from which
/// <c>/openapi.json</c> is made: what is described is what is routed.
/// </summary>
/// <param name="Method">Upper-case.</param>
/// <param name="Summary">One line.</param>
internal sealed record Operation(string Method, string Summary)
{
    /// <summary>Under which it is grouped.</summary>
    public string Group { get; init; } = "Gateway";

    public OperationAccess Access { get; init; }

    /// <summary>What the query may carry.</summary>
    public IReadOnlyList<OperationField> Query { get; init; } = [];

    /// <summary>What a form carries in the body.</summary>
    public IReadOnlyList<OperationField> Form { get; init; } = [];

    /// <summary>The JSON bodies it takes, any of them.</summary>
    public IReadOnlyList<OperationContent> Bodies { get; init; } = [];

    /// <summary>It takes no body as well as one.</summary>
    public bool IsBodyOptional { get; init; }

    /// <summary>The status of what it is there for.</summary>
    public int Status { get; init; } = 200;

    /// <summary>The bodies of that status, any of them; none for an answer without a body.</summary>
    public IReadOnlyList<OperationContent> Answers { get; init; } = [];

    /// <summary>The bodies of every other status, any of them.</summary>
    public IReadOnlyList<OperationContent> Errors { get; init; } = [];
}
