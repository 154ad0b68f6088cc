using Npgsql;

namespace Concordat.Server.Storage;

/// <summary>
/// PostgreSQL's own guard between partners. All work is done in a role that owns nothing; every partner table shows and
/// takes the rows of those partners alone whom the transaction has named. Both hold for one transaction and end with it.
/// </summary>
internal static class RowSecurity
{
    private const string Policy = "partner_rows";
    private const string Partners = "current_setting('concordat.partners', true)";

    // Sub-selects, so that the setting is read once for each statement and not once for each row. Unset, it is NULL or,
    // when an earlier transaction of the connection had set it, empty: either way no row passes.
    private const string Condition = $$"""
        partner_id = ANY ((SELECT CASE WHEN {{Partners}} IN ('', '*') THEN '{}' ELSE {{Partners}} END)::bytea[])
        OR (SELECT {{Partners}}) = '*'
        """;

    /// <summary>Makes the next statements those of a role ($1) that sees some partners' rows ($2), until the transaction ends.</summary>
    public const string Enter = "SELECT set_config('role', $1, true), set_config('concordat.partners', $2, true)";

    // Longer names are cut off silently.
    private const int LongestName = 63;

    /// <summary>
    /// The working role of a database. Roles belong to the whole server, so its name is made of the database's: two
    /// deployments on one server do not share it.
    /// </summary>
    public static async ValueTask<string> RoleOfAsync(PostgresTx tx)
    {
        var name = await tx.OneAsync("SELECT current_database()::text || '_app'", row => row.Text(0));
        return System.Text.Encoding.UTF8.GetByteCount(name!) <= LongestName ? name!
            : throw new UnsafeDatabaseException($"The role {name} would be longer than PostgreSQL's names are; choose a shorter name for the database.");
    }

    /// <summary>Makes the role unless it is there, and gives tables their policies and grants. Repeating it changes nothing.</summary>
    public static async ValueTask ApplyAsync(PostgresTx tx, string role)
    {
        await MakeRoleAsync(tx, role);
        var quoted = Quote(role);
        var schema = await tx.OneAsync("SELECT current_schema()::text", row => row.Text(0));
        await tx.ExecuteAsync($"GRANT USAGE ON SCHEMA {Quote(schema!)} TO {quoted}");
        await tx.RunAsync(string.Join(";\n", Tables.OfPartners.Select(Protect).Concat(
            Tables.OfPartners.Concat(Tables.Shared).Select(table => $"REVOKE ALL ON {table} FROM {quoted}; GRANT {RightsOn(table)} ON {table} TO {quoted}"))));
    }

    /// <summary>Refuses to go on when partners are not kept apart.</summary>
    /// <exception cref="UnsafeDatabaseException">One line that says what is wrong and what puts it right.</exception>
    public static async ValueTask CheckAsync(PostgresTx tx, string role)
    {
        var fault = await RoleFaultAsync(tx, role) ?? await OwnershipFaultAsync(tx, role) ?? await TableFaultAsync(tx) ?? await RightsFaultAsync(tx, role);
        if (fault is not null)
        {
            throw new UnsafeDatabaseException(fault);
        }
    }

    private static async ValueTask MakeRoleAsync(PostgresTx tx, string role)
    {
        if (await tx.OneAsync("SELECT 1 FROM pg_roles WHERE rolname = $1", row => "", role) is not null)
        {
            return;
        }

        try
        {
            await tx.RunAsync($"CREATE ROLE {Quote(role)} NOLOGIN; GRANT {Quote(role)} TO CURRENT_USER");
        }
        catch (PostgresException denied) when (denied.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new UnsafeDatabaseException(Absent(role));
        }
    }

    private static string Protect(string table) => $"""
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
        ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
        DROP POLICY IF EXISTS {Policy} ON {table};
        CREATE POLICY {Policy} ON {table} USING ({Condition}) WITH CHECK ({Condition})
        """;

    private static string RightsOn(string table) =>
        table == SchemaVersions.Table ? "SELECT"
        : Tables.AppendOnly.Contains(table) ? "SELECT, INSERT"
        : "SELECT, INSERT, UPDATE, DELETE";

    private static async ValueTask<string?> RoleFaultAsync(PostgresTx tx, string role)
    {
        var powers = await tx.OneAsync("SELECT rolsuper, rolbypassrls, pg_has_role(current_user, oid, 'MEMBER') FROM pg_roles WHERE rolname = $1",
            row => new { Super = row.GetBoolean(0), Bypass = row.GetBoolean(1), Ours = row.GetBoolean(2) }, role);
        return powers is not { Ours: true } ? Absent(role)
            : powers.Super || powers.Bypass ? $"The role {role} {(powers.Super ? "is a superuser" : "has BYPASSRLS")}, so nothing keeps partners apart. Run: ALTER ROLE {Quote(role)} NOSUPERUSER NOBYPASSRLS"
            : null;
    }

    private static async ValueTask<string?> OwnershipFaultAsync(PostgresTx tx, string role)
    {
        var owned = await tx.OneAsync("""
            SELECT relname FROM pg_class
            WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') AND pg_has_role($1, relowner, 'MEMBER') ORDER BY relname LIMIT 1
            """, row => row.Text(0), role);
        return owned is null ? null : $"The role {role} owns the table {owned} and could take its row-level security off. Give the table to another role.";
    }

    private static async ValueTask<string?> TableFaultAsync(PostgresTx tx)
    {
        var safe = await tx.ManyAsync($"""
            SELECT c.relname FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid
            WHERE c.relnamespace = current_schema()::regnamespace AND c.relrowsecurity AND c.relforcerowsecurity
              AND p.polname = '{Policy}' AND p.polpermissive AND p.polcmd = '*' AND p.polroles = ARRAY[0]::oid[]
              AND pg_get_expr(p.polqual, p.polrelid) = pg_get_expr(p.polwithcheck, p.polrelid)
              AND pg_get_expr(p.polqual, p.polrelid) LIKE '%concordat.partners%'
              AND NOT EXISTS (SELECT 1 FROM pg_policy other WHERE other.polrelid = c.oid AND other.oid <> p.oid AND other.polpermissive)
            """, row => row.Text(0));
        return Tables.OfPartners.Except(safe).FirstOrDefault() is not { } table ? null
            : $"The table {table} is without its forced row-level security, so nothing keeps partners apart. Find out why; the command migrate puts it back.";
    }

    private static async ValueTask<string?> RightsFaultAsync(PostgresTx tx, string role)
    {
        var changeable = await tx.OneAsync($"""
            SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace
              AND relname IN ('{string.Join("', '", Tables.AppendOnly)}') AND has_table_privilege($1, oid, 'UPDATE, DELETE, TRUNCATE') LIMIT 1
            """, row => row.Text(0), role);
        return changeable is null ? null
            : $"The role {role} may change the table {changeable}, which is append-only. Run: REVOKE UPDATE, DELETE, TRUNCATE ON {changeable} FROM {Quote(role)}";
    }

    private static string Absent(string role) =>
        $"PostgreSQL needs the role {role}, which keeps partners apart, and this login cannot make or take it. As an administrator run: CREATE ROLE {Quote(role)} NOLOGIN; GRANT {Quote(role)} TO the login";

    private static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
