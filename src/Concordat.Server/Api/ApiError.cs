using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Concordat.Core;
using Concordat.Core.Policy;
using Concordat.Server.Hosting;

namespace Concordat.Server.Api;

/// <summary>
/// Turns every refusal into a problem document (RFC 9457). <c>code</c> is the stable name to program against; <c>detail</c>
/// is for people.
/// </summary>
internal static class ApiError
{
    /// <summary>The status. No discard arm: a new problem does not compile until it has an answer here.</summary>
    public static int StatusOf(ProblemCode code) => code switch
    {
        ProblemCode.InvalidInput or ProblemCode.InvalidQuery or ProblemCode.InvalidMpnId or ProblemCode.MalformedBody or ProblemCode.InvalidCustomerId or ProblemCode.UnknownEnumWord
            or ProblemCode.InvalidDateAgreed or ProblemCode.RegistrationNumberMissing or ProblemCode.RegistrationNumberMalformed
            or ProblemCode.RegistrationPhoneMissing or ProblemCode.RegistrationNumberNotSupported or ProblemCode.TemplateNotSupported
            or ProblemCode.NationalCloud or ProblemCode.OperatorRequired or ProblemCode.WrongCode or ProblemCode.PartnerOfRecordUnknown
            or ProblemCode.PartnerOfRecordNoReseller or ProblemCode.PartnerOfRecordUnrelated => 400,
        ProblemCode.TokenMissing or ProblemCode.TokenInvalid or ProblemCode.TokenAudience or ProblemCode.MfaRequired => 401,
        ProblemCode.NoRelationship or ProblemCode.AgreementRequired or ProblemCode.NotPermitted or ProblemCode.AppOnlyNotSupported
            or ProblemCode.UserTokenNotSupported or ProblemCode.SandboxOnly or ProblemCode.AssuranceTooLow => 403,
        ProblemCode.NoConfirmations or ProblemCode.PartnerProfileNotFound or ProblemCode.CustomerNotFound or ProblemCode.NotFound => 404,
        ProblemCode.MethodNotAllowed => 405,
        ProblemCode.DuplicateConfirmation or ProblemCode.RequestIdReused or ProblemCode.RequestInFlight or ProblemCode.StateConflict or ProblemCode.RefundWindowClosed
            or ProblemCode.CartAlreadySubmitted or ProblemCode.AlreadyExists or ProblemCode.AttestationState or ProblemCode.AttestationOfAnother
            or ProblemCode.PresentationChanged => 409,
        ProblemCode.LegacyCallRetired => 410,
        ProblemCode.EtagMismatch => 412,
        ProblemCode.BodyTooLarge => 413,
        ProblemCode.UnsupportedMediaType => 415,
        ProblemCode.TooManyRequests => 429,
        ProblemCode.Internal => 500,
        ProblemCode.Overloaded => 503,
    };

    /// <summary>The code's name on this surface.</summary>
    public static string WordOf(ProblemCode code) => EnumWords<ProblemCode>.Of(code);

    /// <summary>Writes the answer to a response that has not started.</summary>
    public static async Task WriteAsync(HttpContext http, Problem problem, Switches switches)
    {
        var status = StatusOf(problem.Code);
        var response = http.Response;
        response.StatusCode = status;
        response.ContentType = "application/problem+json";
        if (problem.RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = ((long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        if (status == 401)
        {
            response.Headers.WWWAuthenticate = "Bearer";
        }

        var body = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(body, JsonBody.Writer))
        {
            Write(json, problem, status, ResponseHeaders.RequestId(http));
        }

        response.ContentLength = body.WrittenCount;
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await response.Body.WriteAsync(body.WrittenMemory, http.RequestAborted);
        }
    }

    private static void Write(Utf8JsonWriter json, Problem problem, int status, string requestId)
    {
        var code = WordOf(problem.Code);
        json.WriteStartObject();
        json.WriteString("type", $"urn:concordat:problem:{code}");
        json.WriteNumber("status", status);
        json.WriteString("code", code);
        json.WriteString("detail", problem.Message);
        if (problem.Field is not null)
        {
            json.WriteString("field", problem.Field);
        }

        json.WriteString("requestId", requestId);
        if (problem.Also.Count > 0)
        {
            json.WriteStartArray("also");
            foreach (var other in problem.Also)
            {
                json.WriteStartObject();
                json.WriteString("code", WordOf(other.Code));
                json.WriteString("detail", other.Message);
                json.WriteString("field", other.Field);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}
