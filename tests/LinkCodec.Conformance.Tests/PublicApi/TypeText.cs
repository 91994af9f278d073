using System.Globalization;
using System.Reflection;

namespace LinkCodec.Conformance.Tests.PublicApi;

/// <summary>Writes types, parameters and constants the way C# does.</summary>
internal static class TypeText
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void", [typeof(object)] = "object", [typeof(string)] = "string", [typeof(bool)] = "bool", [typeof(char)] = "char",
        [typeof(byte)] = "byte", [typeof(sbyte)] = "sbyte", [typeof(short)] = "short", [typeof(ushort)] = "ushort", [typeof(int)] = "int",
        [typeof(uint)] = "uint", [typeof(long)] = "long", [typeof(ulong)] = "ulong", [typeof(float)] = "float", [typeof(double)] = "double",
        [typeof(decimal)] = "decimal",
    };

    public static string Of(Type type)
    {
        if (type.IsByRef || type.IsPointer || type.IsArray)
        {
            string suffix = type.IsByRef ? "&" : type.IsPointer ? "*" : $"[{new string(',', type.GetArrayRank() - 1)}]";
            return Of(type.GetElementType()!) + suffix;
        }

        if (Nullable.GetUnderlyingType(type) is { } inner)
        {
            return Of(inner) + "?";
        }

        if (type.IsGenericParameter || Keywords.ContainsKey(type))
        {
            return Keywords.GetValueOrDefault(type, type.Name);
        }

        string name = type.Name.Split('`')[0];
        string outer = type.IsNested ? Of(type.DeclaringType!) : type.Namespace ?? "";
        // A nested type repeats its outer type's parameters.
        int repeated = type.DeclaringType?.GetGenericArguments().Length ?? 0;
        Type[] arguments = [.. type.GetGenericArguments().Skip(repeated)];
        return $"{outer}.{name}{(arguments.Length > 0 ? $"<{string.Join(", ", arguments.Select(Of))}>" : "")}";
    }

    public static string Of(ParameterInfo parameter)
    {
        Type type = parameter.ParameterType;
        string how = parameter.IsDefined(typeof(ParamArrayAttribute)) || parameter.IsDefined(typeof(System.Runtime.CompilerServices.ParamCollectionAttribute)) ? "params "
            : !type.IsByRef ? "" : parameter.IsOut ? "out " : parameter.IsIn ? "in " : "ref ";
        string value = parameter.HasDefaultValue ? " = " + Literal(parameter.RawDefaultValue) : "";
        return $"{how}{Of(type.IsByRef ? type.GetElementType()! : type)} {parameter.Name}{value}";
    }

    public static string Literal(object? value) => value switch
    {
        null => "default",
        string text => $"\"{text}\"",
        bool flag => flag ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    /// <summary>The where clauses of generic parameters, each with a space before it.</summary>
    public static string Constraints(Type[] parameters) => string.Concat(parameters.Where(p => p.IsGenericParameter).Select(Constraint));

    private static string Constraint(Type parameter)
    {
        GenericParameterAttributes flags = parameter.GenericParameterAttributes;
        bool isStruct = flags.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint);
        List<string> parts = [];
        if (flags.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint))
        {
            parts.Add("class");
        }

        if (isStruct)
        {
            parts.Add("struct");
        }

        parts.AddRange(parameter.GetGenericParameterConstraints().Where(type => type != typeof(ValueType)).Select(Of).Order(StringComparer.Ordinal));
        if (!isStruct && flags.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint))
        {
            parts.Add("new()");
        }

        return parts.Count == 0 ? "" : $" where {parameter.Name} : {string.Join(", ", parts)}";
    }
}
