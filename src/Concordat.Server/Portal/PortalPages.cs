using System.Globalization;
using Concordat.Core.Agreements;
using Concordat.Core.Policy;
using Concordat.Server.Hosting.Identity;
using Concordat.Server.Hosting.Pages;

namespace Concordat.Server.Portal;

/// <summary>What the portal's pages have in common: who may see them, and how they write what they show.</summary>
internal static class PortalPages
{
    /// <summary>Everybody at a partner, resellers' people too; each sees their own customers only.</summary>
    public const Roles Everybody = Roles.PartnerStaff;

    /// <summary>Those who see all records of their partner.</summary>
    public const Roles Staff = Roles.Readers | Roles.Auditor;

    /// <summary>A day, in UTC as the timeline counts: the same in every language, and in order when sorted.</summary>
    public static string Day(DateTimeOffset? at) => at?.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "";

    /// <summary>An instant to the minute, with its zone.</summary>
    public static string Minute(DateTimeOffset? at) => at?.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture) ?? "";

    public static string StandingText(Texts text, in Standing standing) => text[$"Portal.Standing.{standing.Word}"];

    public static string ActionText(Texts text, ActionClass action) => text[$"Portal.Action.{action}"];

    /// <summary>The actions in words.</summary>
    public static string ActionsText(Texts text, ActionSet actions) =>
        string.Join(text["Portal.Separator"], actions.Members.Select(action => ActionText(text, action)));

    /// <summary>The first of the actions, and how many others there are.</summary>
    public static string ActionsInShort(Texts text, ActionSet actions) =>
        actions.Count <= 2 ? ActionsText(text, actions) : text["Portal.Actions.AndMore", ActionText(text, actions.Members.First()), actions.Count - 1];

    public static string StateText(Texts text, Prospect prospect) => text[$"Portal.State.{prospect}"];

    /// <summary>The class that gives a state its mark.</summary>
    public static string StateClass(Prospect prospect) => prospect switch
    {
        Prospect.Fine => "state is-good",
        Prospect.AtRisk => "state is-warn",
        Prospect.Blocked => "state is-bad",
    };

    /// <summary>The reader's choice of language, to go on with links; empty where they made none.</summary>
    public static IEnumerable<(string Name, string? Value)> LanguageOf(HttpContext http) =>
        http.Request.Query[PageLanguage.Field].ToString() is { Length: > 0 } chosen && Texts.Find(chosen) is { } texts
            ? [(PageLanguage.Field, texts.Language)] : [];

    /// <summary>A path of the portal in the language that the reader chose.</summary>
    public static string Link(HttpContext http, string path) => Microsoft.AspNetCore.WebUtilities.QueryHelpers.AddQueryString(
        path, LanguageOf(http).Select(one => new KeyValuePair<string, string?>(one.Name, one.Value)));
}
