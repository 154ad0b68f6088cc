namespace Concordat.Core.Fields;

/// <summary>Gathers every fault of one input, so that the caller hears all of them at once and not one per attempt.</summary>
public sealed class Faults
{
    private readonly List<Problem> problems = [];

    /// <summary>True as long as nothing was found.</summary>
    public bool None => problems.Count == 0;

    /// <summary>The value of a good outcome; otherwise notes the fault and gives the type's default.</summary>
    public T? Take<T>(Outcome<T> outcome)
    {
        if (outcome.TryGetValue(out var value, out var problem)) return value;
        Add(problem);
        return default;
    }

    /// <summary>Notes a fault with everything that it carries along; null is no fault.</summary>
    public void Add(Problem? problem)
    {
        if (problem is null) return;
        problems.Add(problem with { Also = [] });
        problems.AddRange(problem.Also);
    }

    /// <summary>The first fault, with the others in <see cref="Problem.Also"/>. To call without a fault is a bug.</summary>
    public Problem ToProblem() => problems[0] with { Also = problems[1..] };
}
