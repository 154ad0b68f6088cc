using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Concordat.Core;
using Concordat.Core.Fields;
using Concordat.Core.Policy;
using Concordat.Server.Hosting.Identity;
using Concordat.Server.Operations;
using Concordat.Server.Storage;

namespace Concordat.Server.Hosting;

/// <summary>
/// One authorised call: who calls, the body's bytes, and the ways to answer. The body has been read whole
/// (1 MiB at most) before the handler runs, because a request is identified by its bytes.
/// </summary>
internal sealed class Call(HttpContext http, Parts parts, Edge edge, Caller caller, Partner partner, string? operatorName)
{
    private static readonly byte[] Bom = [0xEF, 0xBB, 0xBF];

    public HttpContext Http { get; } = http;

    public Caller Caller { get; } = caller;

    public Partner Partner { get; } = partner;

    /// <summary>Empty for reads; the guard fills it before the handler runs.</summary>
    public ReadOnlyMemory<byte> Body { get; set; }

    /// <summary>Where the call stands for: who acts, under which request id, on whose behalf.</summary>
    public Actor Actor => field ??= new(Partner, Caller.Subject, Caller.AppId, operatorName, ResponseHeaders.RequestId(Http));

    public CancellationToken Aborted => Http.RequestAborted;

    /// <summary>The parts of the program.</summary>
    public Parts Parts { get; } = parts;

    /// <summary>The key under which this request's effect is remembered; null without an MS-RequestId of the client's own.</summary>
    public RequestKey? Key => KeyOf(Http.Request.Headers["MS-RequestId"].ToString(), Body.Span);

    /// <summary>The key of a part of this call that is remembered by itself.</summary>
    public RequestKey? KeyOf(string? requestId, ReadOnlySpan<byte> body) =>
        RequestKey.Of(Partner.Id, Http.Request.Method, Http.Request.Path.Value!, requestId, body) is { } key
            ? key with { TwinWaits = Partner.Switches.RequestInFlight == TwinAnswer.Waits }
            : null;

    /// <summary>The customer id in the path; a malformed one is 400 / 900118.</summary>
    public Outcome<CustomerId> Customer() => Guids.TryParse(RouteText("customer"), out var id)
        ? new CustomerId(id)
        : new Problem(ProblemCode.InvalidCustomerId, "The customer id in the path is not a GUID.", "customerId");

    /// <summary>Another id in the path; a malformed one is answered like an unknown one.</summary>
    public Outcome<Guid> Id(string name) => Guids.TryParse(RouteText(name), out var id)
        ? id
        : new Problem(ProblemCode.NotFound, $"There is no such {name}.", name);

    /// <summary>Runs reads about the calling partner.</summary>
    public ValueTask<T> ReadAsync<T>(Func<Tx, ValueTask<T>> read) => Parts.Database.ReadAsync(Partner.Id, read);

    public string RouteText(string name) => (string)Http.Request.RouteValues[name]!;

    /// <summary>A query value by its name in any casing; an empty one counts as absent.</summary>
    public string? Query(string name) => Http.Request.Query[name].ToString() is { Length: > 0 } text ? text : null;

    /// <summary>Binds the body, names in any casing; what is not JSON of that shape is <see cref="ProblemCode.MalformedBody"/>.</summary>
    public Outcome<T> Read<T>(JsonTypeInfo<T> type) => JsonBody.Read(Body.Span, type);

    /// <summary>Answers with a body.</summary>
    public async Task RespondAsync<T>(int status, T value, JsonTypeInfo<T> type)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        if (edge.ByteOrderMark && Partner.Switches.ByteOrderMark)
        {
            buffer.Write(Bom);
        }

        using (var json = new Utf8JsonWriter(buffer, JsonBody.Writer))
        {
            JsonSerializer.Serialize(json, value, type);
        }

        Http.Response.StatusCode = status;
        Http.Response.ContentType = "application/json; charset=utf-8";
        Http.Response.ContentLength = buffer.WrittenCount;
        await Http.Response.Body.WriteAsync(buffer.WrittenMemory, Aborted);
    }

    /// <summary>Answers with a value as the wire shows it, or with the refusal.</summary>
    public Task RespondAsync<T, TWire>(int status, Outcome<T> outcome, Func<T, TWire> show, JsonTypeInfo<TWire> type) =>
        outcome.TryGetValue(out var value, out var problem) ? RespondAsync(status, show(value), type) : RefuseAsync(problem);

    /// <summary>Runs what was asked for past the gate and answers with the result, or with the refusal.</summary>
    public async Task TransactAsync<T, TWire>(
        Outcome<GatedOperation<T>> asked, int status, Func<T, TWire> show, JsonTypeInfo<TWire> type) => await RespondAsync(
        status, asked.TryGetValue(out var operation, out var problem) ? await Parts.Transactions.RunAsync(operation) : problem, show, type);

    /// <summary>Answers 200 with JSON that is there in its final bytes: nothing is serialised and, as a rule, nothing awaited.</summary>
    public Task RespondAsync(ReadOnlyMemory<byte> json)
    {
        var response = Http.Response;
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = json.Length;
        var writing = response.BodyWriter.WriteAsync(json);
        return writing.IsCompletedSuccessfully ? Task.CompletedTask : writing.AsTask();
    }

    /// <summary>Answers without a body.</summary>
    public Task RespondAsync(int status)
    {
        Http.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    /// <summary>Refuses one request too many, and says so in the log.</summary>
    public Task ThrottleAsync(Problem problem, string call)
    {
        LogEvents.Throttled(Parts.Log, Partner.Id, call, Actor.RequestId);
        return RefuseAsync(problem);
    }

    /// <summary>Answers with a refusal.</summary>
    public Task RefuseAsync(Problem problem)
    {
        Telemetry.CountRefusal(problem.Code);
        return edge.RefuseAsync(Http, problem, Partner.Switches);
    }
}

/// <summary>What differs between the surfaces that share the guard: how a refusal is written, whether a byte order mark may lead.</summary>
/// <param name="RefuseAsync">Writes a refusal to an answer that has not started.</param>
/// <param name="ByteOrderMark">A partner's switch may ask for a byte order mark.</param>
/// <param name="Headers">What every answer carries.</param>
internal sealed record Edge(
    Func<HttpContext, Problem, Switches, Task> RefuseAsync, bool ByteOrderMark = false, AnswerHeaders Headers = AnswerHeaders.PartnerCenter);
