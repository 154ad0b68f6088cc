namespace Concordat.Core;

/// <summary>
/// A refusal as a value. <paramref name="Message"/> is in English, names no person, and says what to do;
/// <paramref name="Field"/> is the JSON path of the faulty input (<c>primaryContact.email</c>), or null.
/// </summary>
public sealed record Problem(ProblemCode Code, string Message, string? Field = null)
{
    /// <summary>The gate's decision when the gate refused; null otherwise.</summary>
    public Policy.Decision? Decision { get; init; }

    /// <summary>Further faults of the same input; field rules report all of them at once. Empty when there is one.</summary>
    public IReadOnlyList<Problem> Also { get; init; } = [];

    /// <summary>How long to wait before trying again, for the codes that ask for it.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
