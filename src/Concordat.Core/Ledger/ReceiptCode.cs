namespace Concordat.Core.Ledger;

/// <summary>What a verification found; the number is the exit code of every verifier. The order is that of the checks.</summary>
public enum ReceiptCode
{
    /// <summary>Everything holds.</summary>
    Ok = 0,
    /// <summary>The file is not spelled as a receipt is.</summary>
    Format = 10,
    /// <summary>The policy does not trust this ledger.</summary>
    Policy = 11,
    /// <summary>A signature of a known key is wrong, or none is there.</summary>
    Signature = 12,
    /// <summary>A cosignature of a known witness is wrong, or too few are there.</summary>
    Quorum = 13,
    /// <summary>The entry is not in the signed tree at this index.</summary>
    Path = 14,
    /// <summary>The entry is in the tree and not in its canonical form.</summary>
    Entry = 15,
    /// <summary>A disclosure does not belong to the entry.</summary>
    Disclosure = 16,
    /// <summary>A document is not the one of the entry.</summary>
    Document = 17,
    /// <summary>The time stamp is wrong or not trusted.</summary>
    TimeStamp = 18,
    /// <summary>It could not be checked (a file that cannot be read, a tool that is missing).</summary>
    Unchecked = 19,
}

/// <summary>The words for <see cref="ReceiptCode"/> that verifiers print.</summary>
public static class ReceiptCodeWords
{
    /// <summary>Such as <c>E_PATH</c>; <c>OK</c> when everything holds.</summary>
    public static string Word(this ReceiptCode code) => code switch
    {
        ReceiptCode.Ok => "OK",
        ReceiptCode.Format => "E_FORMAT",
        ReceiptCode.Policy => "E_POLICY",
        ReceiptCode.Signature => "E_SIG",
        ReceiptCode.Quorum => "E_QUORUM",
        ReceiptCode.Path => "E_PATH",
        ReceiptCode.Entry => "E_ENTRY",
        ReceiptCode.Disclosure => "E_DISCLOSURE",
        ReceiptCode.Document => "E_DOC",
        ReceiptCode.TimeStamp => "E_TST",
        ReceiptCode.Unchecked => "E_UNCHECKED",
    };
}
