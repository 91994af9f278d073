// A deliberately bad set of rooms: the architecture test must find every arrow from Framing to Security here.
#pragma warning disable CA1822, CS0169, CS0649, IDE0044, IDE0051, IDE0052, IDE0059, IDE0130
using LinkCodec.Conformance.Tests.BadRooms.Security;

namespace LinkCodec.Conformance.Tests.BadRooms.Security
{
    internal interface IForbidden;

    [AttributeUsage(AttributeTargets.All)]
    internal sealed class ForbiddenAttribute : Attribute;

    internal class Forbidden
    {
        public static int Field;

        public static void Call() => Field++;
    }

    internal sealed class ForbiddenException : Exception;
}

namespace LinkCodec.Conformance.Tests.BadRooms.Framing
{
    internal sealed class ByBase : Forbidden;

    internal sealed class ByInterface : IForbidden;

    [Forbidden]
    internal sealed class ByAttribute;

    internal sealed class ByField
    {
        private readonly Dictionary<string, Forbidden[]>? _field;
    }

    internal sealed class ByConstraint<T>
        where T : Forbidden;

    internal abstract class ByParameter
    {
        public abstract void Take(ref Forbidden parameter);
    }

    internal sealed class ByCall
    {
        public void Run() => Forbidden.Call();
    }

    internal sealed class ByFieldRead
    {
        public int Run() => Forbidden.Field;
    }

    internal sealed class ByGenericCall
    {
        public int Run() => Array.Empty<Forbidden>().Length;
    }

    internal sealed class ByTypeOf
    {
        public string Run() => typeof(Forbidden).Name;
    }

    internal sealed class ByCatch
    {
        public string Run(Action action)
        {
            try
            {
                action();
                return "";
            }
            catch (ForbiddenException e)
            {
                return e.Message;
            }
        }
    }

    internal sealed class ByNestedLambda
    {
        public Func<object> Run(int n) => () => n == 0 ? "" : new Forbidden();
    }

    /// <summary>Uses nothing that it must not.</summary>
    internal sealed class Innocent
    {
        public int Run(int n) =>
            n switch { 1 => 10, 2 => 20, 3 => 30, 4 => 40, 5 => 50, _ => new Innocent().Run(n - 5) };
    }
}
