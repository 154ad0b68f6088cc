using System.Diagnostics.CodeAnalysis;

namespace Concordat.Core.Policy;

/// <summary>
/// What reading a policy text answers: the value, or every fault at once, because an operator who learns of one fault at a
/// time starts the server many times. Each fault is <see cref="ProblemCode.InvalidInput"/> with the path in
/// <see cref="Problem.Field"/>.
/// </summary>
public sealed class Validated<T>
    where T : class
{
    private readonly T? value;

    internal Validated(T value) => (this.value, Faults) = (value, []);

    internal Validated(IReadOnlyList<Problem> faults) => Faults = faults;

    /// <summary>All faults in the order of the text; empty when there is a value.</summary>
    public IReadOnlyList<Problem> Faults { get; }

    /// <summary>The value; throws when there are faults, which is a bug in the caller.</summary>
    public T Value => value
        ?? throw new InvalidOperationException($"No value: {string.Join(" ", Faults.Select(f => f.Message))}");

    /// <summary>True with the value, or false with the faults.</summary>
    public bool TryGetValue([NotNullWhen(true)] out T? result, out IReadOnlyList<Problem> faults)
    {
        result = value;
        faults = Faults;
        return value is not null;
    }
}
