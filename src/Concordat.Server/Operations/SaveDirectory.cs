using Concordat.Core;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>Adds or changes partners and people, and settings of the deployment.</summary>
internal sealed class SaveDirectory(
    IReadOnlyList<PartnerRow> partners, IReadOnlyList<PersonRow> people, IReadOnlyList<(string Name, string Value)> settings) : Operation<bool>
{
    public override IReadOnlyList<long> Keys { get; } = [LockKeys.Of("directory")];

    public override PartnerScope Scope { get; } = PartnerScope.Of([.. partners.Select(partner => partner.Id), .. people.Select(person => person.Partner)]);

    protected override async ValueTask<Outcome<bool>> DecideAsync(Tx tx)
    {
        foreach (var partner in partners)
        {
            await PartnerRows.SaveAsync(tx, partner);
        }

        foreach (var person in people)
        {
            await PartnerRows.SaveAsync(tx, person);
        }

        foreach (var (name, value) in settings)
        {
            await SettingRows.SaveAsync(tx, name, value);
        }

        return true;
    }
}
