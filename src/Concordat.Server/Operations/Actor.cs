using Concordat.Server.Hosting.Identity;

namespace Concordat.Server.Operations;

/// <summary>
/// Who does something, kept with what it did.
/// </summary>
/// <param name="Partner">The partner that acts.</param>
/// <param name="Subject">Object id of the signed-in user, or of the application for App-only calls.</param>
/// <param name="App">The calling application.</param>
/// <param name="Operator">The employee behind a service account: opaque, 128 characters or less; null when not said.</param>
/// <param name="RequestId">The request id of the answer, first element and list as sent.</param>
internal sealed record Actor(Partner Partner, Guid Subject, Guid App, string? Operator, string RequestId);
