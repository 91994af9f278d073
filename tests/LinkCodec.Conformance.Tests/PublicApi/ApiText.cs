using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace LinkCodec.Conformance.Tests.PublicApi;

/// <summary>Writes the public and protected surface of an assembly as text, one member a line, in order.</summary>
internal static class ApiText
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static string Of(Assembly assembly) =>
        string.Join('\n', assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal).Select(Of));

    public static string Of(Type type)
    {
        StringBuilder text = new(Header(type) + "\n");
        if (typeof(Delegate).IsAssignableFrom(type))
        {
            return text.ToString();
        }

        foreach (string member in Members(type).Order(StringComparer.Ordinal))
        {
            text.Append("  ").Append(member).Append('\n');
        }

        return text.ToString();
    }

    private static string Header(Type type)
    {
        if (typeof(Delegate).IsAssignableFrom(type))
        {
            MethodInfo invoke = type.GetMethod("Invoke")!;
            return $"delegate {TypeText.Of(invoke.ReturnType)} {TypeText.Of(type)}({Parameters(invoke)})";
        }

        if (type.IsEnum)
        {
            return $"enum {TypeText.Of(type)} : {TypeText.Of(type.GetEnumUnderlyingType())}";
        }

        string kind = type.IsInterface ? "interface"
            : type.IsValueType ? (type.IsDefined(typeof(IsReadOnlyAttribute)) ? "readonly " : "") + (type.IsByRefLike ? "ref struct" : "struct")
            : type.IsAbstract && type.IsSealed ? "static class"
            : type.IsAbstract ? "abstract class" : type.IsSealed ? "sealed class" : "class";
        IEnumerable<Type> inherited = type.GetInterfaces().Except(type.BaseType?.GetInterfaces() ?? []).Where(i => i.IsVisible)
            .OrderBy(TypeText.Of, StringComparer.Ordinal);
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType))
        {
            inherited = inherited.Prepend(parent);
        }

        string list = string.Join(", ", inherited.Select(TypeText.Of));
        return $"{kind} {TypeText.Of(type)}{(list.Length > 0 ? " : " + list : "")}{TypeText.Constraints(type.GetGenericArguments())}";
    }

    private static IEnumerable<string> Members(Type type)
    {
        foreach (ConstructorInfo constructor in type.GetConstructors(Declared).Where(c => !c.IsStatic && Seen(c)))
        {
            yield return $"new{Protected(constructor)}({Parameters(constructor)})";
        }

        foreach (FieldInfo field in type.GetFields(Declared).Where(f => (f.IsPublic || f.IsFamily || f.IsFamilyOrAssembly) && !f.IsSpecialName))
        {
            yield return type.IsEnum ? $"{field.Name} = {Number(field)}"
                : field.IsLiteral ? $"const {TypeText.Of(field.FieldType)} {field.Name} = {TypeText.Literal(field.GetRawConstantValue())}"
                : $"field {(field.IsStatic ? "static " : "")}{(field.IsInitOnly ? "readonly " : "")}{TypeText.Of(field.FieldType)} {field.Name}";
        }

        foreach (PropertyInfo property in type.GetProperties(Declared).Where(p => p.GetAccessors(true).Any(Seen)))
        {
            MethodInfo first = property.GetAccessors(true).First(Seen);
            ParameterInfo[] index = property.GetIndexParameters();
            string name = index.Length == 0 ? property.Name : $"this[{string.Join(", ", index.Select(p => TypeText.Of(p.ParameterType) + " " + p.Name))}]";
            yield return $"property {Modifiers(first)}{TypeText.Of(property.PropertyType)} {name} {{ {Accessor(property.GetMethod, "get")}{Accessor(property.SetMethod, Setter(property))}}}";
        }

        foreach (EventInfo happening in type.GetEvents(Declared).Where(e => Seen(e.AddMethod!)))
        {
            yield return $"event {(happening.AddMethod!.IsStatic ? "static " : "")}{TypeText.Of(happening.EventHandlerType!)} {happening.Name}";
        }

        foreach (MethodInfo method in type.GetMethods(Declared).Where(m => Seen(m) && (!m.IsSpecialName || m.Name.StartsWith("op_", StringComparison.Ordinal))
            && !m.IsDefined(typeof(CompilerGeneratedAttribute))))
        {
            Type[] generic = method.GetGenericArguments();
            string arguments = generic.Length > 0 ? $"<{string.Join(", ", generic.Select(g => g.Name))}>" : "";
            yield return $"method {Modifiers(method)}{Protected(method).TrimStart()}{(Protected(method).Length > 0 ? " " : "")}{TypeText.Of(method.ReturnType)} {method.Name}{arguments}({Parameters(method)}){TypeText.Constraints(generic)}";
        }
    }

    private static bool Seen(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static string Protected(MethodBase method) => method.IsPublic ? "" : " protected";

    private static string Modifiers(MethodInfo method) =>
        method.DeclaringType!.IsInterface ? (method.IsStatic ? "static " : "")
        : method.IsStatic ? "static "
        : method.IsAbstract ? "abstract "
        : method.GetBaseDefinition() != method ? "override "
        : method.IsVirtual && !method.IsFinal ? "virtual " : "";

    private static string Accessor(MethodInfo? accessor, string word) =>
        accessor is null || !Seen(accessor) ? "" : $"{(accessor.IsPublic ? "" : "protected ")}{word}; ";

    private static string Setter(PropertyInfo property) =>
        property.SetMethod?.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) == true ? "init" : "set";

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(TypeText.Of));

    private static string Number(FieldInfo field) => Convert.ToString(field.GetRawConstantValue(), CultureInfo.InvariantCulture)!;
}
