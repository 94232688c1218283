using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace EdgeAuth.Tests.Conventions;

/// <summary>Collects the types that a signature or an attribute names, wherever in it they stand.</summary>
internal sealed class TypeNames : ISignatureTypeProvider<string, object?>, ICustomAttributeTypeProvider<string>
{
    private readonly List<string> _found = [];

    /// <summary>What was found since the last call.</summary>
    public List<string> Take()
    {
        List<string> found = [.. _found];
        _found.Clear();
        return found;
    }

    public static string Outermost(MetadataReader reader, TypeDefinitionHandle handle)
    {
        var type = reader.GetTypeDefinition(handle);
        while (type.GetDeclaringType() is { IsNil: false } outer)
        {
            type = reader.GetTypeDefinition(outer);
        }

        return Full(reader, type.Namespace, type.Name);
    }

    public static string Outermost(MetadataReader reader, TypeReferenceHandle handle)
    {
        var type = reader.GetTypeReference(handle);
        while (type.ResolutionScope.Kind == HandleKind.TypeReference)
        {
            type = reader.GetTypeReference((TypeReferenceHandle)type.ResolutionScope);
        }

        return Full(reader, type.Namespace, type.Name);
    }

    public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) => Found(Outermost(reader, handle));

    public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => Found(Outermost(reader, handle));

    public string GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
        reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

    // The text of typeof in an attribute: a name, for another assembly followed by a comma and its name; generic arguments in brackets.
    public string GetTypeFromSerializedName(string name)
    {
        foreach (var part in name.Split('[', ']'))
        {
            Found(part.Split(',')[0].Split('+')[0]);
        }

        return name;
    }

    public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments) => genericType;

    public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) => unmodifiedType;

    public string GetFunctionPointerType(MethodSignature<string> signature) => "";

    public string GetPrimitiveType(PrimitiveTypeCode typeCode) => typeCode.ToString();

    public string GetSystemType() => "System.Type";

    public bool IsSystemType(string type) => string.Equals(type, "System.Type", StringComparison.Ordinal);

    // The size of an enumeration is written where it is declared, which is an assembly that runs here too.
    public PrimitiveTypeCode GetUnderlyingEnumType(string type)
    {
        var name = type.Split(',')[0];
        var declared = AppDomain.CurrentDomain.GetAssemblies().Select(assembly => assembly.GetType(name)).FirstOrDefault(static found => found is { IsEnum: true });
        return declared is null ? PrimitiveTypeCode.Int32 : Enum.Parse<PrimitiveTypeCode>(Enum.GetUnderlyingType(declared).Name);
    }

    public string GetArrayType(string elementType, ArrayShape shape) => elementType;

    public string GetByReferenceType(string elementType) => elementType;

    public string GetPinnedType(string elementType) => elementType;

    public string GetPointerType(string elementType) => elementType;

    public string GetSZArrayType(string elementType) => elementType;

    public string GetGenericMethodParameter(object? genericContext, int index) => "";

    public string GetGenericTypeParameter(object? genericContext, int index) => "";

    private string Found(string name)
    {
        _found.Add(name);
        return name;
    }

    private static string Full(MetadataReader reader, StringHandle space, StringHandle name) =>
        space.IsNil ? reader.GetString(name) : $"{reader.GetString(space)}.{reader.GetString(name)}";
}
