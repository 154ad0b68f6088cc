using System.Security.Cryptography;
using Concordat.Core.Policy;
using Concordat.Server.Acceptance;
using Concordat.Server.Background;
using Concordat.Server.Background.Mails;
using Concordat.Server.Background.Mails.Smtp;
using Concordat.Server.Hosting.Identity;
using Concordat.Server.Hosting.SignIn;
using Concordat.Server.Operations;
using Concordat.Server.Operations.Sequencing;
using Concordat.Server.PartnerCenter;
using Concordat.Server.PartnerCenter.Documents;
using Concordat.Server.Sandbox;
using Concordat.Server.Storage;

namespace Concordat.Server.Hosting;

/// <summary>
/// The object graph of the process, made in one place and in order: clocks, database, keys, commit loop, identity.
/// </summary>
internal sealed class Parts : IAsyncDisposable
{
    // With the 14 s that requests have to end, a stop takes less than 20 s.
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(4);

    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false })
    {
        Timeout = TimeSpan.FromSeconds(10),
        MaxResponseContentBufferSize = 1 << 20,
    };

    private Parts(ServerOptions options, PartnerDirectory directory, OperationContext context, ILoggerFactory logs)
    {
        (Options, Database, Directory, Context, Logs) = (options, context.Database, directory, context, logs);
        Log = logs.CreateLogger(nameof(Concordat));
        Audits = new AuditTrail(context.Loop, context.Clocks.Wall);
        Transactions = new Transactions(context, Audits);
        LegacyWarnings = new LegacyWarnings(context.Clocks.Wall, Log);
        PageThrottle = new Throttle(context.Clocks.Wall, new ThrottleLimits());
        Feed = new StandingFeed(context, logs.CreateLogger<StandingFeed>());
    }

    public ServerOptions Options { get; }

    /// <summary>
    /// What every link begins with that leaves the service, in an answer, a page or a mail: scheme, host and port, without a slash
    /// at the end. A request's Host header is the caller's word and never becomes a link.
    /// </summary>
    public string PublicUrl => Options.PublicUrl;

    public Database Database { get; }

    public OperationContext Context { get; }

    public PartnerDirectory Directory { get; }

    /// <summary>Refusals on their way into the audit.</summary>
    public AuditTrail Audits { get; }

    public Transactions Transactions { get; }

    public ILoggerFactory Logs { get; }

    /// <summary>The log of everything that has no category of its own.</summary>
    public ILogger Log { get; }

    /// <summary>Who still confirms the legacy way.</summary>
    public LegacyWarnings LegacyWarnings { get; }

    /// <summary>Keeps the standing cache true.</summary>
    public StandingFeed Feed { get; }

    /// <summary>Makes entries leaves of the ledger's tree and signs it.</summary>
    public required Sequencer Sequencer { get; init; }

    /// <summary>The ledger's signing keys.</summary>
    public required LedgerKeys LedgerKeys { get; init; }

    /// <summary>Signs the five-minute links of template documents.</summary>
    public required AgreementLinks Links { get; init; }

    /// <summary>The lasting links to agreement texts.</summary>
    public TextLinks TextLinks => Context.TextLinks;

    /// <summary>The sandbox's own mailbox; null with a mail server, and in production.</summary>
    public Mailbox? Mailbox { get; init; }

    /// <summary>Where mails go; null where none is configured, and then they wait.</summary>
    public IMailServer? MailServer { get; init; }

    /// <summary>Signs the places of pages.</summary>
    public required PageTokens PageTokens { get; init; }

    /// <summary>Signed-in browsers.</summary>
    public required Sessions Sessions { get; init; }

    /// <summary>Seals sign-ins that have begun.</summary>
    public required PendingSignIns PendingSignIns { get; init; }

    /// <summary>For calls to an issuer: no redirects, 10 s, 1 MiB.</summary>
    public HttpClient Http => http;

    /// <summary>The first passwords of new tenants.</summary>
    public required FirstPasswords FirstPasswords { get; init; }

    /// <summary>Signs what the acceptance page shows.</summary>
    public required FormTokens Forms { get; init; }

    /// <summary>Counts requests of pages that nobody signs in to, per network.</summary>
    public Throttle PageThrottle { get; }

    /// <summary>Opens the database, brings the schema up to date and makes the rest.</summary>
    public static async Task<Parts> OpenAsync(ServerOptions options, ILoggerFactory logs, CancellationToken cancel, TimeProvider? wall = null)
    {
        System.IO.Directory.CreateDirectory(options.DataDirectory);
        var clocks = new Clocks(wall ?? TimeProvider.System);
        var ids = new IdSource(clocks.Wall);
        Database database = options.Postgres is { } postgres
            ? new PostgresDatabase(postgres) { MendsRowSecurity = options.Command == "migrate" }
            : new SqliteDatabase(Path.Combine(options.DataDirectory, "concordat.db"));
        if (options.Fresh)
        {
            await database.EmptyAsync(cancel);
        }

        await database.PrepareAsync(cancel);
        var master = MasterKey.Open(options.MasterKeyFile, options.CreateKey, ids);
        var loop = new CommitLoop(database, logs.CreateLogger<CommitLoop>());
        var context = new OperationContext(
            database, loop, clocks, ids, new SubjectVault(master, ids), new StandingCache(), PolicyTimeline.BuiltIn,
            new TextLinks(Derived(master, "concordat lasting text links v1"u8)));
        var mailbox = options is { IsSandbox: true, Smtp: null } ? new Mailbox(clocks.Wall) : null;
        var directory = new PartnerDirectory(database);
        var ledgerKeys = new LedgerKeys(context, Derived(master, "concordat ledger keys v1"u8), options.LedgerOrigin);
        var anchor = new LedgerAnchor(options.LedgerAnchorFile);
        var parts = new Parts(options, directory, context, logs)
        {
            LedgerKeys = ledgerKeys,
            Sequencer = new Sequencer(context, ledgerKeys, anchor, options.IsSandbox, logs.CreateLogger<Sequencer>()),
            Sessions = new Sessions(context, directory, new AntiForgery(Derived(master, "concordat form tokens v1"u8))),
            PendingSignIns = new PendingSignIns(Derived(master, "concordat sign-ins v1"u8), ids),
            Mailbox = mailbox,
            MailServer = options.Smtp is { } smtp ? new SmtpServer(smtp, clocks.Wall) : mailbox,
            Links = new AgreementLinks(Derived(master, "concordat document links v1"u8), clocks),
            PageTokens = new PageTokens(Derived(master, "concordat page tokens v1"u8)),
            Forms = new FormTokens(Derived(master, "concordat acceptance forms v1"u8), ids, clocks.Wall),
            FirstPasswords = new FirstPasswords(Derived(master, "concordat first passwords v1"u8)),
        };
        await parts.Sequencer.CheckAnchorAsync();
        return parts;
    }

    /// <summary>Who may call: the sandbox's own issuer, or Entra ID.</summary>
    public Authentication Authenticate(IdentityOptions identity, TokenIssuer? issuer)
    {
        var wall = Context.Clocks.Wall;
        var keys = identity.Issuers.Select(trusted => new IssuerKeys(trusted, http, wall, Logs.CreateLogger<IssuerKeys>())).ToList();
        if (issuer is not null)
        {
            keys[0].Replace([issuer.SigningKey]);
        }

        return new Authentication(new TokenValidator(identity, keys, wall), new TokenCache(wall));
    }

    public async ValueTask DisposeAsync()
    {
        await Feed.DisposeAsync();
        await Sequencer.DisposeAsync();
        try
        {
            await Audits.DisposeAsync();
            if (Audits.Waiting > 0)
            {
                LogEvents.RefusalsLost(Log, Audits.Waiting);
            }

            await Context.Loop.DisposeAsync().AsTask().WaitAsync(DrainLimit);
        }
        catch (TimeoutException)
        {
            LogEvents.DrainTimedOut(Logs.CreateLogger<Parts>(), (int)DrainLimit.TotalSeconds);
        }

        await Database.DisposeAsync();
        http.Dispose();
    }

    private static byte[] Derived(byte[] master, ReadOnlySpan<byte> purpose)
    {
        var key = new byte[HMACSHA256.HashSizeInBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, master, key, salt: [], info: purpose);
        return key;
    }
}
