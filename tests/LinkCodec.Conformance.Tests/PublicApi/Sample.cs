#pragma warning disable CA1051, CS0067, IDE0060
namespace LinkCodec.Conformance.Tests.PublicApi;

/// <summary>A type with every kind of member, for the test of the text.</summary>
internal abstract class Sample<T> : IDisposable
    where T : struct
{
    public const int Limit = 7;
    public readonly string Name = "";
    private readonly T[] _items;

    public Sample(int count) => _items = new T[count];

    internal Sample() => _items = [];

    public event Action? Changed;

    public int? Count { get; protected set; }

    public T this[int index] => _items[index];

    public static bool TryRead(ReadOnlySpan<byte> input, out T value)
    {
        value = default;
        return input.IsEmpty;
    }

    public Task<T[]> RunAsync(ref int count, ReadOnlySpan<byte> input, string text = "x", params object[] rest) => Task.FromResult(_items);

    public virtual void Dispose() => Changed?.Invoke();

    protected abstract void Step<U>(in U value)
        where U : class, new();
}
