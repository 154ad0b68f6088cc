-- Shared table: people who are signed in with a browser. A session is found before it is known whose it is, so its key does
-- not begin with partner_id. Times are by the wall clock.

CREATE TABLE sessions (
  -- SHA-256 of the 256 random bits that the browser holds, and nothing else of them.
  session_hash BYTEA NOT NULL PRIMARY KEY,
  tenant_kind TEXT NOT NULL,
  tenant_id BYTEA NOT NULL,
  person_id BYTEA NOT NULL,
  roles BIGINT NOT NULL,
  mfa BIGINT NOT NULL,
  -- When the person proved who they are; null when the issuer did not say.
  authenticated_at_unix_ms BIGINT,
  created_at_unix_ms BIGINT NOT NULL,
  seen_at_unix_ms BIGINT NOT NULL
)/*sqlite WITHOUT ROWID*/;
CREATE INDEX sessions_person ON sessions (tenant_id, person_id);
CREATE INDEX sessions_created ON sessions (created_at_unix_ms);
