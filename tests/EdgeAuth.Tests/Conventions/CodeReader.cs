using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace EdgeAuth.Tests.Conventions;

/// <summary>
/// Reads from a compiled assembly what each type uses: bases, interfaces, attributes, constraints, signatures, and what the instructions of
/// method bodies name. Constants are gone after compilation, so a use of nothing but a constant is not seen here.
/// </summary>
internal sealed class CodeReader : IDisposable
{
    private readonly PEReader _file;
    private readonly MetadataReader _metadata;
    private readonly TypeNames _names;
    private readonly HashSet<CodeUse> _uses = [];
    private string _from = "";
    private string _where = "";

    private CodeReader(Stream assembly)
    {
        _file = new PEReader(assembly);
        _metadata = _file.GetMetadataReader();
        _names = new TypeNames();
    }

    public static IReadOnlyCollection<CodeUse> Read(string path)
    {
        using var reader = new CodeReader(File.OpenRead(path));
        foreach (var handle in reader._metadata.TypeDefinitions)
        {
            reader.ReadType(handle);
        }

        return reader._uses;
    }

    public void Dispose() => _file.Dispose();

    private void ReadType(TypeDefinitionHandle handle)
    {
        var type = _metadata.GetTypeDefinition(handle);
        (_from, _where) = (TypeNames.Outermost(_metadata, handle), "type " + _metadata.GetString(type.Name));
        Use(type.BaseType);
        foreach (var implemented in type.GetInterfaceImplementations())
        {
            Use(_metadata.GetInterfaceImplementation(implemented).Interface);
        }

        Attributes(type.GetCustomAttributes());
        Constraints(type.GetGenericParameters());
        foreach (var fieldHandle in type.GetFields())
        {
            var field = _metadata.GetFieldDefinition(fieldHandle);
            _where = "field " + _metadata.GetString(field.Name);
            Signature(names => field.DecodeSignature(names, null));
            Attributes(field.GetCustomAttributes());
        }

        foreach (var property in type.GetProperties().Select(_metadata.GetPropertyDefinition))
        {
            _where = "property " + _metadata.GetString(property.Name);
            Attributes(property.GetCustomAttributes());
        }

        foreach (var method in type.GetMethods())
        {
            ReadMethod(_metadata.GetMethodDefinition(method));
        }
    }

    private void ReadMethod(MethodDefinition method)
    {
        _where = "method " + _metadata.GetString(method.Name);
        Signature(names => method.DecodeSignature(names, null));
        Attributes(method.GetCustomAttributes());
        Constraints(method.GetGenericParameters());
        foreach (var parameter in method.GetParameters())
        {
            Attributes(_metadata.GetParameter(parameter).GetCustomAttributes());
        }

        if (method.RelativeVirtualAddress == 0)
        {
            return;
        }

        var body = _file.GetMethodBody(method.RelativeVirtualAddress);
        foreach (var region in body.ExceptionRegions)
        {
            Use(region.CatchType);
        }

        if (!body.LocalSignature.IsNil)
        {
            Use(body.LocalSignature);
        }

        foreach (var token in Instructions.Tokens(body.GetILReader()))
        {
            Use((EntityHandle)MetadataTokens.Handle(token));
        }
    }

    private void Use(EntityHandle handle)
    {
        if (handle.IsNil)
        {
            return;
        }

        switch (handle.Kind)
        {
            case HandleKind.TypeDefinition:
                Add(TypeNames.Outermost(_metadata, (TypeDefinitionHandle)handle));
                break;
            case HandleKind.TypeReference:
                Add(TypeNames.Outermost(_metadata, (TypeReferenceHandle)handle));
                break;
            case HandleKind.TypeSpecification:
                Signature(names => _metadata.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(names, null));
                break;
            case HandleKind.MethodDefinition:
                var method = _metadata.GetMethodDefinition((MethodDefinitionHandle)handle);
                Member(method.GetDeclaringType(), method.Name, names => method.DecodeSignature(names, null));
                break;
            case HandleKind.FieldDefinition:
                var field = _metadata.GetFieldDefinition((FieldDefinitionHandle)handle);
                Member(field.GetDeclaringType(), field.Name, names => field.DecodeSignature(names, null));
                break;
            case HandleKind.MemberReference:
                var member = _metadata.GetMemberReference((MemberReferenceHandle)handle);
                Member(member.Parent, member.Name, member.GetKind() == MemberReferenceKind.Method
                    ? names => member.DecodeMethodSignature(names, null)
                    : names => member.DecodeFieldSignature(names, null));
                break;
            case HandleKind.MethodSpecification:
                var generic = _metadata.GetMethodSpecification((MethodSpecificationHandle)handle);
                Use(generic.Method);
                Signature(names => generic.DecodeSignature(names, null));
                break;
            case HandleKind.StandaloneSignature:
                var signature = _metadata.GetStandaloneSignature((StandaloneSignatureHandle)handle);
                Signature(signature.GetKind() == StandaloneSignatureKind.LocalVariables
                    ? names => signature.DecodeLocalSignature(names, null)
                    : names => signature.DecodeMethodSignature(names, null));
                break;
        }
    }

    private void Member(EntityHandle parent, StringHandle name, Action<TypeNames> decode)
    {
        Use(parent);
        var signature = Signature(decode);
        if (parent.Kind is HandleKind.TypeReference or HandleKind.TypeDefinition)
        {
            var declaring = parent.Kind == HandleKind.TypeReference
                ? TypeNames.Outermost(_metadata, (TypeReferenceHandle)parent)
                : TypeNames.Outermost(_metadata, (TypeDefinitionHandle)parent);
            _uses.Add(new CodeUse(_from, _where, declaring, _metadata.GetString(name), string.Join(' ', signature)));
        }
    }

    private List<string> Signature(Action<TypeNames> decode)
    {
        decode(_names);
        var found = _names.Take();
        found.ForEach(Add);
        return found;
    }

    private void Attributes(CustomAttributeHandleCollection attributes)
    {
        foreach (var attribute in attributes.Select(_metadata.GetCustomAttribute))
        {
            Use(attribute.Constructor);
            attribute.DecodeValue(_names);
            _names.Take().ForEach(Add);
        }
    }

    private void Constraints(GenericParameterHandleCollection parameters)
    {
        foreach (var constraint in parameters.SelectMany(parameter => _metadata.GetGenericParameter(parameter).GetConstraints()))
        {
            Use(_metadata.GetGenericParameterConstraint(constraint).Type);
        }
    }

    private void Add(string to) => _uses.Add(new CodeUse(_from, _where, to));
}
