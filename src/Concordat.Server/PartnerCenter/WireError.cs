using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Concordat.Core;
using Concordat.Core.Policy;
using Concordat.Server.Hosting;

namespace Concordat.Server.PartnerCenter;

/// <summary>
/// Turns every refusal into Partner Center's answer: status, code and the fault body that all known clients read
/// (code and description first; data is an array, or the .NET SDKs lose the code). Numbers come from Microsoft's error
/// table where it has one for the case; docs/partner-center.md lists those that are ours.
/// </summary>
internal static class WireError
{
    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Status and code. No discard arm: a new problem does not compile until it has an answer here.</summary>
    public static (int Status, int Code) Of(Problem problem, Switches switches) => problem.Code switch
    {
        ProblemCode.InvalidInput => (400, 800002),
        ProblemCode.MalformedBody => (400, 800002),
        ProblemCode.InvalidCustomerId => (400, 900118),
        ProblemCode.InvalidQuery => (400, 2000),
        ProblemCode.InvalidMpnId => (400, 2001),
        ProblemCode.UnknownEnumWord => (400, 900126),
        ProblemCode.InvalidDateAgreed => (400, 600002),
        ProblemCode.RegistrationNumberMissing => (400, 600049),
        ProblemCode.RegistrationNumberMalformed => (400, 600050),
        ProblemCode.RegistrationPhoneMissing => (400, 600051),
        ProblemCode.RegistrationNumberNotSupported => (400, 600002),
        ProblemCode.TemplateNotSupported => (400, 800002),
        ProblemCode.DuplicateConfirmation => (switches.DuplicateStatus == DuplicateAnswer.Conflict ? 409 : 400, 600061),
        ProblemCode.AttestationState => (409, EnhancedNames.NotUsableCode),
        ProblemCode.AttestationOfAnother => (409, EnhancedNames.NotUsableCode),
        ProblemCode.PresentationChanged => (409, EnhancedNames.NotUsableCode),
        ProblemCode.AssuranceTooLow => (403, EnhancedNames.NotUsableCode),
        ProblemCode.WrongCode => (400, EnhancedNames.NotUsableCode),
        ProblemCode.NoConfirmations => (404, 600009),
        ProblemCode.CustomerNotFound => (404, 60003),
        ProblemCode.NotFound => (404, 1000),
        ProblemCode.PartnerProfileNotFound => (404, 3000),
        ProblemCode.PartnerOfRecordUnknown => (404, 800015),
        ProblemCode.PartnerOfRecordNoReseller => (400, 800016),
        ProblemCode.PartnerOfRecordUnrelated => (404, 2072),
        ProblemCode.NoRelationship => (403, 20002),
        ProblemCode.NationalCloud => (400, 900127),
        ProblemCode.AgreementRequired => (403, (int)problem.Decision!.Refusal!.Value),
        ProblemCode.NotPermitted => (403, 900150),
        ProblemCode.AppOnlyNotSupported => (403, 900329),
        ProblemCode.UserTokenNotSupported => (403, 900308),
        ProblemCode.TokenMissing => (401, 800001),
        ProblemCode.TokenInvalid => (401, 400),
        ProblemCode.TokenAudience => (401, 900420),
        ProblemCode.MfaRequired => (401, 900421),
        ProblemCode.OperatorRequired => (400, 800002),
        ProblemCode.LegacyCallRetired => (switches.LegacyAfterRetirement == LegacyAnswer.Gone ? 410 : 400, 900141),
        ProblemCode.EtagMismatch => (412, 800002),
        ProblemCode.RequestIdReused => (409, 409),
        ProblemCode.RequestInFlight => (409, 800064),
        ProblemCode.StateConflict => (400, 800002),
        ProblemCode.RefundWindowClosed => (400, 800090),
        ProblemCode.CartAlreadySubmitted => (400, 800065),
        ProblemCode.AlreadyExists => (409, 409),
        ProblemCode.SandboxOnly => (403, 600006),
        ProblemCode.BodyTooLarge => (413, 800002),
        ProblemCode.UnsupportedMediaType => (415, 800002),
        ProblemCode.MethodNotAllowed => (405, 800002),
        ProblemCode.TooManyRequests => (429, 429),
        ProblemCode.Overloaded => (503, 503),
        ProblemCode.Internal => (500, 500),
    };

    /// <summary>Writes the answer to a response that has not started.</summary>
    public static async Task WriteAsync(HttpContext http, Problem problem, Switches switches)
    {
        var (status, code) = Of(problem, switches);
        var response = http.Response;
        response.StatusCode = status;
        response.ContentType = "application/json; charset=utf-8";
        if (problem.RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = ((long)Math.Ceiling(wait.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        if (status == 401)
        {
            response.Headers.WWWAuthenticate = "Bearer";
        }

        var body = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(body, Json))
        {
            WriteBody(json, problem, status, code);
        }

        if (problem.Decision is not null)
        {
            response.Headers.Link = $"</api/explanations/{ResponseHeaders.RequestId(http)}>; rel=\"help\"";
        }

        response.ContentLength = body.WrittenCount;
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await response.Body.WriteAsync(body.WrittenMemory, http.RequestAborted);
        }
    }

    private static void WriteBody(Utf8JsonWriter json, Problem problem, int status, int code)
    {
        json.WriteStartObject();
        if (status == 429)
        {
            // The throttle answer has a shape of its own; with code, description or data the .NET SDK hides Retry-After.
            json.WriteNumber("statusCode", status);
            json.WriteString("message", problem.Message);
            json.WriteEndObject();
            return;
        }

        json.WriteNumber("code", code);
        json.WriteString("description", problem.Message);
        json.WriteStartArray("data");
        foreach (var field in problem.Also.Prepend(problem).Select(fault => fault.Field).OfType<string>().Distinct())
        {
            json.WriteStringValue(field);
        }

        json.WriteEndArray();
        json.WriteString("source", "PartnerFD");
        if (problem.Code == ProblemCode.DuplicateConfirmation)
        {
            WriteModernMembers(json, problem, code);
        }

        if (problem.Decision is { } decision)
        {
            WriteDecision(json, decision);
        }

        json.WriteEndObject();
    }

    private static void WriteModernMembers(Utf8JsonWriter json, Problem problem, int code)
    {
        json.WriteString("message", problem.Message);
        json.WriteString("errorName", "PartnerConfirmedAgreementAlreadyExists");
        json.WriteBoolean("isRetryable", false);
        json.WriteStartObject("parameters");
        json.WriteEndObject();
        json.WriteString("errorMessageExtended", $"InternalErrorCode={code}");
    }

    // Extra members teach what to do next; clients ignore what they do not know.
    private static void WriteDecision(Utf8JsonWriter json, Decision decision)
    {
        json.WriteString("rule", decision.RuleId);
        json.WriteStartArray("remedies");
        foreach (var remedy in decision.Remedies)
        {
            json.WriteStringValue(JsonNamingPolicy.CamelCase.ConvertName(remedy.ToString()));
        }

        json.WriteEndArray();
    }
}
