namespace Concordat.Core.Fields;

/// <summary>
/// <c>dateAgreed</c>: when the signatory accepted. A date alone is refused, because a day is no instant. Older than the
/// template or the customer's record is for the caller to flag; it is no refusal.
/// </summary>
public static class AgreedDate
{
    /// <summary>How far a client's clock may run ahead: real clients send their own current time.</summary>
    public static readonly TimeSpan DefaultSkew = TimeSpan.FromMinutes(5);

    /// <summary>Nothing was agreed before the programme existed; catches year 1 of a forgotten .NET field.</summary>
    public static readonly DateTimeOffset DefaultFloor = new(2010, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>UTC Unix milliseconds (finer digits are cut), or <see cref="ProblemCode.InvalidDateAgreed"/>.</summary>
    /// <param name="text">As it came.</param>
    /// <param name="now">The policy clock.</param>
    /// <param name="skew">Up to and including now + skew is accepted.</param>
    /// <param name="floor">Earlier is refused; the floor itself is accepted.</param>
    /// <param name="field">JSON path for the problem.</param>
    public static Outcome<long> Parse(
        string? text, DateTimeOffset now, TimeSpan skew, DateTimeOffset floor, string field = "dateAgreed")
    {
        if (string.IsNullOrEmpty(text)) return Refuse("The date of agreement is required.", field);
        if (!Instant.TryParse(text, out var agreed))
            return Refuse("The date of agreement must be an ISO 8601 date and time such as 2025-11-03T04:05:06Z.", field);
        // Not "agreed > now + skew": the sandbox may set its clock to the end of time.
        if (agreed - now > skew) return Refuse("The date of agreement must not lie in the future.", field);
        if (agreed < floor)
            return Refuse(
                FormattableString.Invariant($"The date of agreement must not be earlier than {floor:yyyy-MM-dd}."), field);
        return agreed.ToUnixTimeMilliseconds();
    }

    private static Problem Refuse(string message, string field) => new(ProblemCode.InvalidDateAgreed, message, field);
}
