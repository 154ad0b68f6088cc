namespace Concordat.Server.Storage;

/// <summary>Named texts of the deployment: clock offsets of the sandbox, what the seed was.</summary>
internal static class SettingRows
{
    private static readonly Insert Into = new("settings", "name text, value text", "ON CONFLICT (name) DO UPDATE SET value = excluded.value");

    public static ValueTask<string?> FindAsync(Tx tx, string name) =>
        tx.OneAsync("SELECT value FROM settings WHERE name = $1", row => row.Text(0), name);

    public static ValueTask SaveAsync(Tx tx, string name, string value) => tx.InsertAsync(Into, name, value);
}
