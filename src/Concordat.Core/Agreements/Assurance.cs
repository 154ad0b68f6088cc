namespace Concordat.Core.Agreements;

/// <summary>How well it is known who answered; in ascending order.</summary>
public enum Assurance
{
    /// <summary>Somebody who held the link.</summary>
    Link,
    /// <summary>Somebody who read a code in the signatory's mailbox.</summary>
    Mailbox,
    /// <summary>Somebody whom the customer's own directory signed in.</summary>
    SignedIn,
}

/// <summary>The words of <see cref="Assurance"/>, as entries, answers and switches spell them.</summary>
public static class AssuranceWords
{
    private static readonly string[] Words = ["link", "mailbox", "signed-in"];

    /// <summary>In ascending order.</summary>
    public static IReadOnlyList<string> All => Words;

    /// <summary>The word.</summary>
    public static string Word(this Assurance assurance) => Words[(int)assurance];

    /// <summary>Reads a word in any casing.</summary>
    public static bool TryParse(string? word, out Assurance assurance)
    {
        var at = Array.FindIndex(Words, known => known.Equals(word, StringComparison.OrdinalIgnoreCase));
        assurance = (Assurance)Math.Max(at, 0);
        return at >= 0;
    }

    /// <summary>The stricter of two.</summary>
    public static Assurance Stricter(Assurance one, Assurance other) => one > other ? one : other;
}
