using Concordat.Core.Fields;
using FsCheck;
using FsCheck.Fluent;

namespace Concordat.Core.Tests.Fields;

public class ContactTests
{
    [Fact]
    public void Parse_FourFaults_ReportsAllAtOnce()
    {
        var problem = Contact.Parse("", "\t", "nobody", "call me").Problem!;
        Assert.Equal(
            ["primaryContact.firstName", "primaryContact.lastName", "primaryContact.email", "primaryContact.phoneNumber"],
            problem.Also.Prepend(problem).Select(fault => fault.Field));
    }

    [Fact]
    public void Parse_Mononym_IsRefusedForTheMissingName() =>
        Assert.Equal("primaryContact.lastName", Contact.Parse("Suharto", "", "s@example.com", null).Problem!.Field);

    [Fact]
    public void Parse_FirstEqualsLast_IsAccepted() =>
        Assert.Equal("Sato", Contact.Parse("Sato", "Sato", "s@example.com", null).Value.LastName);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Parse_NoPhone_IsNullAndTheSameContact(string? phone)
    {
        var contact = Contact.Parse("Hanako", "Sato", "h@example.com", phone).Value;
        Assert.Null(contact.PhoneNumber);
        Assert.Equal(contact.CanonicalBytes(), (contact with { PhoneNumber = "" }).CanonicalBytes());
    }

    [Fact]
    public void CanonicalBytes_CaseOrNormalizationDiffers_AreOtherBytes()
    {
        var contact = new Contact("José", "Sato", "h@example.com", null);
        Assert.NotEqual(contact.CanonicalBytes(), (contact with { FirstName = "josé" }).CanonicalBytes());
        Assert.NotEqual(contact.CanonicalBytes(), (contact with { FirstName = "Jose\u0301" }).CanonicalBytes());
        Assert.NotEqual(contact.CanonicalBytes(), (contact with { Email = "H@example.com" }).CanonicalBytes());
    }

    [Fact]
    public void CanonicalBytes_KnownContact_AreTheDocumentedBytes() =>
        Assert.Equal(
            "00000001" + "61" + "00000003" + "e69d8e" + "00000005" + "6140622e63" + "00000000",
            Convert.ToHexStringLower(new Contact("a", "李", "a@b.c", null).CanonicalBytes()));

    [Fact]
    public void CanonicalBytes_DifferentContacts_NeverShareBytes()
    {
        var text = Gen.Elements("", "a", "b", "ab", "\0", "\0\0\0\u0001a", "李");
        var contacts = text.Four().Select(t => new Contact(t.Item1, t.Item2, t.Item3, t.Item4));
        Prop.ForAll(contacts.Two().ToArbitrary(), pair =>
            pair.Item1 == pair.Item2 == pair.Item1.CanonicalBytes().AsSpan().SequenceEqual(pair.Item2.CanonicalBytes()))
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void ToString_AnyContact_NamesNobody() =>
        Assert.DoesNotContain("Sato", new Contact("Hanako", "Sato", "h@example.com", null).ToString(), StringComparison.Ordinal);
}
