using System.Reflection;

namespace EdgeAuth.Tests.Conventions;

/// <summary>Lists what an assembly shows to the world, one line for each type and member.</summary>
internal static class PublicApi
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static string Of(Assembly assembly) =>
        string.Concat(assembly.GetExportedTypes().OrderBy(static type => type.FullName, StringComparer.Ordinal).SelectMany(Lines).Select(static line => line + "\n"));

    /// <summary>The members of a type that others can reach and that somebody wrote.</summary>
    public static IEnumerable<MemberInfo> Members(Type type) => type.GetMembers(Declared).Where(static member => member is not Type && IsVisible(member) && IsWritten(member));

    private static IEnumerable<string> Lines(Type type) =>
        Members(type).Select(Show).Order(StringComparer.Ordinal).Select(static line => "    " + line).Prepend($"{Kind(type)} {type.FullName}{Bases(type)}");

    private static string Kind(Type type) =>
        type.IsInterface ? "interface"
        : type.IsEnum ? "enum"
        : type.IsValueType ? "struct"
        : type is { IsAbstract: true, IsSealed: true } ? "static class"
        : type.IsSealed ? "sealed class"
        : type.IsAbstract ? "abstract class" : "class";

    private static string Bases(Type type)
    {
        var bases = new[] { type.BaseType }.Where(static parent => parent is not null && parent != typeof(object) && parent != typeof(ValueType) && parent != typeof(Enum)).Select(static parent => Name(parent!));
        return string.Join(", ", bases) is { Length: > 0 } text ? " : " + text : "";
    }

    private static string Show(MemberInfo member) => member switch
    {
        ConstructorInfo constructor => $"new({Parameters(constructor)})",
        MethodInfo method => $"{(method.IsStatic ? "static " : "")}{Name(method.ReturnType)} {method.Name}({Parameters(method)})",
        PropertyInfo property => $"{Name(property.PropertyType)} {property.Name} {{{(property.GetMethod is { IsPublic: true } ? " get;" : "")}{Setter(property)} }}",
        FieldInfo field => field.IsLiteral ? $"const {Name(field.FieldType)} {field.Name} = {field.GetRawConstantValue()}" : $"{(field.IsStatic ? "static " : "")}{Name(field.FieldType)} {field.Name}",
        EventInfo happening => $"event {Name(happening.EventHandlerType!)} {happening.Name}",
        _ => member.ToString()!,
    };

    private static string Setter(PropertyInfo property) =>
        property.SetMethod is not { IsPublic: true } setter ? ""
        : setter.ReturnParameter.GetRequiredCustomModifiers().Any(static modifier => modifier.Name is "IsExternalInit") ? " init;" : " set;";

    private static string Parameters(MethodBase method) =>
        string.Join(", ", method.GetParameters().Select(static parameter => $"{(parameter.IsOut ? "out " : "")}{Name(parameter.ParameterType)} {parameter.Name}{(parameter.HasDefaultValue ? " = " + (parameter.DefaultValue ?? "null") : "")}"));

    private static string Name(Type type) =>
        Nullable.GetUnderlyingType(type) is { } value ? Name(value) + "?"
        : type.IsByRef ? Name(type.GetElementType()!)
        : type.IsArray ? Name(type.GetElementType()!) + "[]"
        : type.IsGenericType ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
        : type.Name;

    private static bool IsVisible(MemberInfo member) => member switch
    {
        MethodBase method => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly,
        FieldInfo field => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly,
        PropertyInfo property => property.GetAccessors(nonPublic: true).Any(IsVisible),
        EventInfo happening => IsVisible(happening.AddMethod!),
        _ => false,
    };

    // Accessors stand with their properties; what the compiler adds to records and enumerations is not anybody's decision.
    private static bool IsWritten(MemberInfo member) =>
        member.GetCustomAttribute<System.Runtime.CompilerServices.CompilerGeneratedAttribute>() is null
        && member is not MethodInfo { IsSpecialName: true, Name: not ("op_Implicit" or "op_Explicit") }
        && member is not FieldInfo { IsSpecialName: true }
        && member is not ConstructorInfo { IsPublic: false }
        && member.Name is not ("<Clone>$" or "PrintMembers" or "EqualityContract");
}
