namespace EdgeAuth.Catalog.Descriptions;

/// <summary>A field of a query or a form, which is text.</summary>
internal sealed record OperationField(string Name, string Summary, bool Required = false);
