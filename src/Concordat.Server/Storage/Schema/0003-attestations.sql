-- Enhanced attestations: the partner asks, the signatory answers on a page, the partner makes the agreement.

-- Shared: which partner an attestation belongs to, as the page knows the id only. It names nobody else.
CREATE TABLE attestation_partners (
  attestation_id BYTEA NOT NULL PRIMARY KEY,
  partner_id BYTEA NOT NULL
)/*sqlite WITHOUT ROWID*/;

-- A partner table. The signatory is a subject under the customer id of all zeros until the agreement is made, as the
-- customer may not exist before; subject_customer_id says where it stands. company and reason (why the signatory declined)
-- may name a person and are sealed under the subject's key. state never says expired: that follows from pending and the
-- policy clock. creator_network and the screen's digests are hashes.
CREATE TABLE attestations (
  partner_id BYTEA NOT NULL,
  attestation_id BYTEA NOT NULL,
  country TEXT NOT NULL,
  language TEXT NOT NULL,
  company BYTEA NOT NULL,
  subject_id BYTEA NOT NULL,
  subject_customer_id BYTEA NOT NULL,
  customer_id BYTEA,
  minimum_assurance BIGINT NOT NULL,
  state BIGINT NOT NULL,
  version BIGINT NOT NULL,
  created_at_unix_ms BIGINT NOT NULL,
  expires_at_unix_ms BIGINT NOT NULL,
  ended_at_unix_ms BIGINT,
  finalised_at_unix_ms BIGINT,
  creator_id BYTEA NOT NULL,
  app_id BYTEA NOT NULL,
  operator TEXT,
  creator_network BYTEA,
  text_version BIGINT,
  text_language TEXT,
  text_length BIGINT,
  text_sha256 TEXT,
  statement_sha256 TEXT,
  button_sha256 TEXT,
  screen_sha256 TEXT,
  build TEXT,
  assurance BIGINT,
  self_acceptance BIGINT,
  reason BYTEA,
  shown_entry_id BYTEA,
  accepted_entry_id BYTEA,
  PRIMARY KEY (partner_id, attestation_id)
)/*sqlite WITHOUT ROWID*/;
CREATE INDEX attestations_created ON attestations (partner_id, created_at_unix_ms, attestation_id);

-- A partner table. The code that is out to the signatory's mailbox: by its keyed hash, and sealed for the mail that carries
-- it. proof_hash is of what the page got for the right code.
CREATE TABLE attestation_codes (
  partner_id BYTEA NOT NULL,
  attestation_id BYTEA NOT NULL,
  code_hash BYTEA NOT NULL,
  code BYTEA NOT NULL,
  tries_left BIGINT NOT NULL,
  sent BIGINT NOT NULL,
  sent_at_unix_ms BIGINT NOT NULL,
  expires_at_unix_ms BIGINT NOT NULL,
  proof_hash BYTEA,
  PRIMARY KEY (partner_id, attestation_id)
)/*sqlite WITHOUT ROWID*/;
