-- The tree over the ledger's entries and what was signed of it (docs/ledger-format.md). Shared tables.

-- Which entry is which leaf. Append-only.
CREATE TABLE ledger_leaves (
  leaf_index BIGINT NOT NULL PRIMARY KEY,
  entry_seq BIGINT NOT NULL,
  entry_id BYTEA NOT NULL,
  leaf_hash BYTEA NOT NULL
)/*sqlite WITHOUT ROWID*/;
CREATE UNIQUE INDEX ledger_leaves_seq ON ledger_leaves (entry_seq);
CREATE UNIQUE INDEX ledger_leaves_entry ON ledger_leaves (entry_id);

-- Full tiles only: 256 hashes of level * 8, and the root over them, which is a hash of the next level. Append-only. What a
-- tile at the right edge holds is in ledger_leaves, or in the roots of the level below.
CREATE TABLE ledger_tiles (
  level BIGINT NOT NULL,
  number BIGINT NOT NULL,
  root BYTEA NOT NULL,
  hashes BYTEA NOT NULL,
  PRIMARY KEY (level, number)
);

-- Every note that was ever signed; a row is durable before its note leaves the process. Append-only, and the key keeps two
-- roots for one size away.
CREATE TABLE ledger_checkpoints (
  size BIGINT NOT NULL PRIMARY KEY,
  root BYTEA NOT NULL,
  note TEXT NOT NULL,
  signed_at_unix_ms BIGINT NOT NULL,
  epoch BIGINT NOT NULL
);

-- One row (id 1): how far the tree has grown, and whose turn it is. A sequencer that finds another epoch has been replaced.
-- Every entry up to swept_seq is a leaf; later ones may still become visible between those that are.
CREATE TABLE ledger_state (
  id BIGINT NOT NULL PRIMARY KEY,
  size BIGINT NOT NULL,
  swept_seq BIGINT NOT NULL,
  epoch BIGINT NOT NULL
);
INSERT INTO ledger_state (id, size, swept_seq, epoch) VALUES (1, 0, 0, 0);

-- Signing keys; the private part is sealed under the master key, and gone once the key is retired.
CREATE TABLE ledger_keys (
  key_no BIGINT NOT NULL PRIMARY KEY,
  verifier TEXT NOT NULL,
  sealed BYTEA,
  made_at_unix_ms BIGINT NOT NULL,
  max_size BIGINT
);

/*sqlite
CREATE TRIGGER ledger_leaves_no_update BEFORE UPDATE ON ledger_leaves BEGIN SELECT RAISE(ABORT, 'ledger_leaves is append-only'); END;
CREATE TRIGGER ledger_leaves_no_delete BEFORE DELETE ON ledger_leaves BEGIN SELECT RAISE(ABORT, 'ledger_leaves is append-only'); END;
CREATE TRIGGER ledger_tiles_no_update BEFORE UPDATE ON ledger_tiles BEGIN SELECT RAISE(ABORT, 'ledger_tiles is append-only'); END;
CREATE TRIGGER ledger_tiles_no_delete BEFORE DELETE ON ledger_tiles BEGIN SELECT RAISE(ABORT, 'ledger_tiles is append-only'); END;
CREATE TRIGGER ledger_checkpoints_no_update BEFORE UPDATE ON ledger_checkpoints BEGIN SELECT RAISE(ABORT, 'ledger_checkpoints is append-only'); END;
CREATE TRIGGER ledger_checkpoints_no_delete BEFORE DELETE ON ledger_checkpoints BEGIN SELECT RAISE(ABORT, 'ledger_checkpoints is append-only'); END;
*/
/*postgres
CREATE TRIGGER ledger_leaves_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_leaves FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_tiles_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_tiles FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_checkpoints_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_checkpoints FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
*/
