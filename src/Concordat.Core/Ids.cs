namespace Concordat.Core;

/// <summary>A partner: the tenant id of a direct-bill partner, an indirect provider or an indirect reseller.</summary>
public readonly record struct PartnerId(Guid Value)
{
    /// <summary>Lower-case, hyphenated.</summary>
    public override string ToString() => Value.ToString("D");
}

/// <summary>A customer: the tenant id of the organisation that buys.</summary>
public readonly record struct CustomerId(Guid Value)
{
    /// <summary>Lower-case, hyphenated.</summary>
    public override string ToString() => Value.ToString("D");
}

/// <summary>A person as one partner knows them for one customer; the only thing about people that rows may hold.</summary>
public readonly record struct SubjectId(Guid Value);

/// <summary>One ledger entry (UUIDv7, made by the id seam).</summary>
public readonly record struct EntryId(Guid Value)
{
    /// <summary>Lower-case, hyphenated, as it stands in the entry's bytes.</summary>
    public override string ToString() => Value.ToString("D");
}

/// <summary>One enhanced attestation: random (UUIDv4), as whoever holds the id may answer it at the assurance <c>link</c>.</summary>
public readonly record struct AttestationId(Guid Value)
{
    /// <summary>Lower-case, hyphenated.</summary>
    public override string ToString() => Value.ToString("D");
}
