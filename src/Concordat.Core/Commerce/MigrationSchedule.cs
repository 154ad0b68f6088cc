namespace Concordat.Core.Commerce;

/// <summary>How far a scheduled migration is.</summary>
public enum ScheduleStatus
{
    /// <summary>Waits for its day.</summary>
    Created,
    /// <summary>Taken back by the partner before its day.</summary>
    Cancelled,
    /// <summary>The migration was carried out.</summary>
    Completed,
    /// <summary>The migration was refused on its day; nothing changed.</summary>
    Failed,
}

/// <summary>A migration of a legacy subscription that the system is to carry out on a later day.</summary>
/// <param name="Id">The schedule's id.</param>
/// <param name="Subscription">The legacy subscription.</param>
/// <param name="Move">What it is to become; no member is null but the term and the billing cycle.</param>
/// <param name="OnRenewal">Due when the running term ends, and not on a day of the partner's choice.</param>
/// <param name="DueAt">When it is carried out, UTC, policy clock.</param>
/// <param name="SubscriptionEnd">End of the legacy subscription's term when it was scheduled.</param>
/// <param name="Reference">The caller's own reference, opaque.</param>
/// <param name="CreatedAt">UTC, policy clock.</param>
/// <param name="ModifiedAt">UTC, policy clock.</param>
public sealed record MigrationSchedule(
    Guid Id, Guid Subscription, MoveRequest Move, bool OnRenewal, DateTimeOffset DueAt, DateTimeOffset? SubscriptionEnd, string? Reference,
    DateTimeOffset CreatedAt, DateTimeOffset ModifiedAt)
{
    /// <summary>How far it is.</summary>
    public ScheduleStatus Status { get; init; }

    /// <summary>The migration that it became.</summary>
    public Guid? Migration { get; init; }

    /// <summary>Why it failed.</summary>
    public ScheduleFault? Fault { get; init; }

    /// <summary>Why it can be neither changed nor cancelled at <paramref name="now"/>; null when it can.</summary>
    public Problem? ClosedAt(DateTimeOffset now) =>
        Status != ScheduleStatus.Created ? new Problem(ProblemCode.StateConflict, "The schedule was cancelled or carried out already.")
        : now >= DueAt ? new Problem(ProblemCode.StateConflict, "The schedule is due: it is being carried out.")
        : null;
}

/// <summary>Why a scheduled migration was refused on its day.</summary>
/// <param name="Code">The refusal.</param>
/// <param name="Gate">The gate's own code when it was the gate.</param>
/// <param name="Text">In words, in English.</param>
public sealed record ScheduleFault(ProblemCode Code, int? Gate, string Text);
