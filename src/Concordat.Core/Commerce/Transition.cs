namespace Concordat.Core.Commerce;

/// <summary>Seats of a subscription that went to another item: an entry of the subscription's history.</summary>
/// <param name="Id">The transition's id; clients call it the operation.</param>
/// <param name="Source">The subscription that the seats left.</param>
/// <param name="FromOffer">What it was of.</param>
/// <param name="Target">The subscription that has them now.</param>
/// <param name="ToOffer">What that one is of.</param>
/// <param name="Quantity">How many seats.</param>
/// <param name="TermDuration">The target's term.</param>
/// <param name="BillingCycle">The target's billing cycle.</param>
/// <param name="MovesLicenses">The users' licences were asked to go along.</param>
/// <param name="At">UTC, policy clock.</param>
public sealed record Transition(
    Guid Id, Guid Source, string FromOffer, Guid Target, string ToOffer, int Quantity, string? TermDuration, string BillingCycle,
    bool MovesLicenses, DateTimeOffset At);
