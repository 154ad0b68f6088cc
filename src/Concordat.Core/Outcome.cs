using System.Diagnostics.CodeAnalysis;

namespace Concordat.Core;

/// <summary>
/// What a decision or an operation answers: a value, or a <see cref="Core.Problem"/> that the caller can act on.
/// A bug or a broken dependency is an exception instead.
/// </summary>
public readonly struct Outcome<T>
{
    private readonly T? value;

    private Outcome(T? value, Problem? problem) => (this.value, Problem) = (value, problem);

    /// <summary>The refusal, or null when there is a value.</summary>
    public Problem? Problem { get; }

    /// <summary>The value; throws when this is a refusal, which is a bug in the caller.</summary>
    public T Value => Problem is null ? value! : throw new InvalidOperationException($"No value: {Problem.Code}.");

    /// <summary>True with the value, or false with the refusal.</summary>
    public bool TryGetValue([NotNullWhen(true)] out T? result, [NotNullWhen(false)] out Problem? problem)
    {
        result = value;
        problem = Problem;
        return problem is null;
    }

    /// <summary>Wraps a value.</summary>
    [SuppressMessage("Usage", "CA2225", Justification = "The two conversions are the only way to build one; a named twin adds nothing.")]
    public static implicit operator Outcome<T>(T value) => new(value, null);

    /// <summary>Wraps a refusal.</summary>
    [SuppressMessage("Usage", "CA2225", Justification = "The two conversions are the only way to build one; a named twin adds nothing.")]
    public static implicit operator Outcome<T>(Problem problem) => new(default, problem);
}
