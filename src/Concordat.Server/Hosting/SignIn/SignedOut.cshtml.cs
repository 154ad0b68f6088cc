using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Concordat.Server.Hosting.SignIn;

/// <summary>Where signing out ends.</summary>
[OpenPage]
internal sealed class SignedOutModel : PageModel;
