using Concordat.Server.Hosting.Identity;

namespace Concordat.Server.Hosting.SignIn;

/// <summary>
/// Who may see a page. Every page's model carries exactly one; a page without one is refused to everybody. What a page of
/// several roles shows to each of them is the page's own to decide, by <see cref="SignedIn.Roles"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class PageAccessAttribute(TenantKind kind, Roles roles) : Attribute
{
    public TenantKind Kind { get; } = kind;

    /// <summary>Any of these.</summary>
    public Roles Roles { get; } = roles;

    /// <summary>The person must have proved who they are within the last 15 minutes, with a second factor.</summary>
    public bool StepUp { get; init; }

    /// <summary>True for a person whom the page is for.</summary>
    public bool Admits(SignedIn person) => person.Kind == Kind && (person.Roles & Roles) != 0;
}

/// <summary>A page for everybody, signed in or not.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class OpenPageAttribute : Attribute
{
    /// <summary>The page exists in the sandbox only.</summary>
    public bool SandboxOnly { get; init; }
}

/// <summary>A page for everybody who is signed in, of either side.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class SignedInPageAttribute : Attribute;
