using System.Globalization;
using System.Text;
using EdgeAuth.Catalog.Descriptions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;

namespace EdgeAuth.Dialects;

/// <summary>Writes the OpenAPI document of endpoints that carry <see cref="Operation"/>s.</summary>
internal sealed class DescriptionWriter
{
    private const string Form = "application/x-www-form-urlencoded";

    private readonly OpenApiDocument _document = new()
    {
        Info = new OpenApiInfo
        {
            Title = "EdgeAuth",
            Version = ProductVersion.Text,
            Description = "What this gateway answers itself. Where management has a port of its own, what is below the paths of APIs is served on the port of the traffic.",
        },
        Paths = [],
        Components = new OpenApiComponents(),
    };

    private readonly DescriptionSchemas _schemas;
    private readonly HashSet<string> _ids = new(StringComparer.OrdinalIgnoreCase);

    private DescriptionWriter()
    {
        _schemas = new DescriptionSchemas(_document);
        _document.AddComponent(nameof(OperationAccess.Management), new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = ManagementSecrets.HeaderName, Description = "A management secret." });
        _document.AddComponent(nameof(OperationAccess.Client), new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "basic", Description = "A client's id and secret." });
        _document.AddComponent(nameof(OperationAccess.Service), new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "basic", Description = "A service's API key and secret." });
        _document.AddComponent(nameof(OperationAccess.Credential), new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "A credential, or wherever the API's definition has it." });
    }

    /// <summary>The document as JSON.</summary>
    public static byte[] Write(IReadOnlyList<Endpoint> endpoints)
    {
        var writer = new DescriptionWriter();

        // What is matched first is what is served, where two have the same path.
        foreach (var endpoint in endpoints.OfType<RouteEndpoint>().OrderBy(static endpoint => endpoint.Order))
        {
            writer.Add(endpoint);
        }

        using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        writer._document.SerializeAsV31(new OpenApiJsonWriter(text, new OpenApiJsonWriterSettings { Terse = true }));
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private void Add(RouteEndpoint endpoint)
    {
        var operations = endpoint.Metadata.GetOrderedMetadata<Operation>();
        var path = PathOf(endpoint.RoutePattern);
        if (operations.Count == 0 || _document.Paths.ContainsKey(path))
        {
            return;
        }

        var item = new OpenApiPathItem { Operations = [] };
        foreach (var operation in operations)
        {
            item.Operations[HttpMethod.Parse(operation.Method)] = Describe(operation, endpoint.RoutePattern, path);
        }

        _document.Paths[path] = item;
    }

    private OpenApiOperation Describe(Operation operation, RoutePattern pattern, string path)
    {
        var described = new OpenApiOperation
        {
            OperationId = IdOf(operation.Method, path),
            Summary = operation.Summary,
            Tags = new HashSet<OpenApiTagReference> { new(operation.Group, _document) },
            Parameters =
            [
                .. pattern.Parameters.Where(static parameter => parameter is not { IsCatchAll: true, Name: "slashes" }).Select(parameter => Parameter(parameter.Name, description: null, ParameterLocation.Path, required: true)),
                .. operation.Query.Select(field => Parameter(field.Name, field.Summary, ParameterLocation.Query, field.Required)),
            ],
            RequestBody = RequestBody(operation),
            Responses = new OpenApiResponses { [operation.Status.ToString(CultureInfo.InvariantCulture)] = new OpenApiResponse { Description = ReasonPhrases.GetReasonPhrase(operation.Status), Content = Content(operation.Answers) } },
            Security = SecurityOf(operation.Access),
        };
        if (operation.Errors.Count > 0)
        {
            described.Responses["default"] = new OpenApiResponse { Description = "Every other status: refused, or not possible at the moment.", Content = Content(operation.Errors) };
        }

        (_document.Tags ??= new HashSet<OpenApiTag>()).Add(new OpenApiTag { Name = operation.Group });
        return described;
    }

    private OpenApiRequestBody? RequestBody(Operation operation) =>
        operation.Form.Count > 0 ? new OpenApiRequestBody { Required = true, Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal) { [Form] = new() { Schema = FormOf(operation.Form) } } }
        : operation.Bodies.Count > 0 ? new OpenApiRequestBody { Required = !operation.IsBodyOptional, Content = Content(operation.Bodies) }
        : null;

    private Dictionary<string, OpenApiMediaType>? Content(IReadOnlyList<OperationContent> alternatives) => alternatives.Count == 0
        ? null
        : alternatives.GroupBy(static content => content.MediaType, StringComparer.Ordinal).ToDictionary(
            static group => group.Key,
            group => new OpenApiMediaType { Schema = group.Count() == 1 ? _schemas.Of(group.First()) : new OpenApiSchema { AnyOf = [.. group.Select(_schemas.Of)] } },
            StringComparer.Ordinal);

    private List<OpenApiSecurityRequirement> SecurityOf(OperationAccess access)
    {
        OpenApiSecurityRequirement Requirement() => new() { [new OpenApiSecuritySchemeReference(access.ToString(), _document)] = [] };
        return access switch
        {
            OperationAccess.None => [],

            // Or by the fields of the form.
            OperationAccess.Client => [Requirement(), new OpenApiSecurityRequirement()],
            _ => [Requirement()],
        };
    }

    private string IdOf(string method, string path)
    {
        var words = new StringBuilder(method.ToLowerInvariant());
        foreach (var segment in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            words.Append('_').Append(segment.Replace("{", "by_", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal));
        }

        var name = string.Concat(words.ToString().Select(static letter => char.IsAsciiLetterOrDigit(letter) ? letter : '_'));
        var id = name;
        for (var number = 2; !_ids.Add(id); number++)
        {
            id = name + "_" + number;
        }

        return id;
    }

    private static OpenApiParameter Parameter(string name, string? description, ParameterLocation location, bool required) =>
        new() { Name = name, Description = description, In = location, Required = required, Schema = Text() };

    private static OpenApiSchema FormOf(IReadOnlyList<OperationField> fields) => new()
    {
        Type = JsonSchemaType.Object,
        Properties = fields.ToDictionary(static field => field.Name, static IOpenApiSchema (field) => new OpenApiSchema { Type = JsonSchemaType.String, Description = field.Summary }, StringComparer.Ordinal),
        Required = fields.Where(static field => field.Required).Select(static field => field.Name).ToHashSet(StringComparer.Ordinal),
    };

    private static OpenApiSchema Text() => new() { Type = JsonSchemaType.String };

    // As it is routed, without the slashes that may follow.
    private static string PathOf(RoutePattern pattern) => "/" + string.Join('/', pattern.PathSegments
        .Where(static segment => !segment.Parts.Any(static part => part is RoutePatternParameterPart { IsCatchAll: true, Name: "slashes" }))
        .Select(static segment => string.Concat(segment.Parts.Select(static part => part switch
        {
            RoutePatternLiteralPart literal => literal.Content,
            RoutePatternSeparatorPart separator => separator.Content,
            RoutePatternParameterPart parameter => "{" + parameter.Name + "}",
            _ => "",
        }))));
}
