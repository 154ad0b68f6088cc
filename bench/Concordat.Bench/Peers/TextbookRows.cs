using Microsoft.EntityFrameworkCore;

namespace Concordat.Bench.Peers;

/// <summary>A customer of the textbook application, with the standing in the row.</summary>
internal sealed class TextbookCustomer
{
    public Guid Id { get; set; }

    public required string Name { get; set; }

    public DateTimeOffset? AttestedAt { get; set; }

    public long Facts { get; set; }
}

/// <summary>One confirmation; as large as a row of <c>agreement_facts</c> and <c>subjects</c> together.</summary>
internal sealed class TextbookConfirmation
{
    public Guid Id { get; set; }

    public Guid CustomerId { get; set; }

    public Guid TemplateId { get; set; }

    public DateTimeOffset DateAgreed { get; set; }

    public DateTimeOffset RecordedAt { get; set; }

    public Guid AttesterId { get; set; }

    public required string Method { get; set; }

    public Guid SignatoryId { get; set; }

    public TextbookSignatory? Signatory { get; set; }
}

internal sealed class TextbookSignatory
{
    public Guid Id { get; set; }

    public Guid CustomerId { get; set; }

    public required string FirstName { get; set; }

    public required string LastName { get; set; }

    public required string Email { get; set; }

    public string? PhoneNumber { get; set; }
}

internal sealed class TextbookEntry
{
    public long Id { get; set; }

    public Guid ConfirmationId { get; set; }

    public required byte[] Entry { get; set; }

    public required byte[] Hash { get; set; }
}

internal sealed class TextbookDisclosure
{
    public Guid Id { get; set; }

    public Guid CustomerId { get; set; }

    public required byte[] Content { get; set; }
}

internal sealed class TextbookNotice
{
    public Guid Id { get; set; }

    public Guid CustomerId { get; set; }

    public DateTimeOffset DueAt { get; set; }
}

internal sealed class TextbookRequest
{
    public required string Id { get; set; }

    public required string Result { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}

internal sealed class TextbookContext(DbContextOptions<TextbookContext> options) : DbContext(options)
{
    public DbSet<TextbookCustomer> Customers => Set<TextbookCustomer>();

    public DbSet<TextbookConfirmation> Confirmations => Set<TextbookConfirmation>();

    public DbSet<TextbookSignatory> Signatories => Set<TextbookSignatory>();

    public DbSet<TextbookEntry> Entries => Set<TextbookEntry>();

    public DbSet<TextbookDisclosure> Disclosures => Set<TextbookDisclosure>();

    public DbSet<TextbookNotice> Notices => Set<TextbookNotice>();

    public DbSet<TextbookRequest> Requests => Set<TextbookRequest>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<TextbookConfirmation>().HasIndex(row => row.CustomerId);
        modelBuilder.Entity<TextbookSignatory>().HasIndex(row => row.CustomerId);
    }
}
