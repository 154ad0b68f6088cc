using Concordat.Server.Hosting.Identity;

namespace Concordat.Server.Sandbox;

/// <summary>Who can sign in to the sandbox. Its passwords and secrets are printed on start and protect nothing.</summary>
internal sealed record SandboxDirectory(IReadOnlyList<SandboxTenant> Tenants)
{
    /// <summary>The application as which this service's own pages sign people in; every tenant has consented to it.</summary>
    public SandboxApp Portal { get; init; } = new(SeedIds.Of("app", "portal"), SeedIds.Of("app object", "portal"), "sandbox-secret");

    /// <summary>A tenant by its id or its domain, as clients write either into the token endpoint's path.</summary>
    public SandboxTenant? Find(string tenant) => Tenants.FirstOrDefault(candidate =>
        string.Equals(candidate.Id.ToString("D"), tenant, StringComparison.OrdinalIgnoreCase)
        || string.Equals(candidate.Domain, tenant, StringComparison.OrdinalIgnoreCase));
}

internal sealed record SandboxTenant(
    Guid Id, string Domain, IReadOnlyList<SandboxPerson> People, IReadOnlyList<SandboxApp> Apps);

internal sealed record SandboxPerson(Guid Oid, string UserName, string Password, Roles Roles);

/// <summary>An application with its consent; without a secret it is a public client, which never acts for itself.</summary>
internal sealed record SandboxApp(Guid AppId, Guid Oid, string? Secret);
