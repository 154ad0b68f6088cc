-- The outbox carries mail of every kind, each with its recipient, its state and its way to the mail server. What is
-- written here names people by their subject's id only.

/*sqlite
CREATE TABLE outbox_before AS SELECT * FROM outbox;
DROP TABLE outbox;
*/
/*postgres
ALTER TABLE outbox ALTER COLUMN customer_id DROP NOT NULL;
ALTER TABLE outbox ADD COLUMN reference_id BYTEA;
ALTER TABLE outbox ADD COLUMN subject_id BYTEA;
ALTER TABLE outbox ADD COLUMN entry_id BYTEA;
ALTER TABLE outbox ADD COLUMN repeats_id BYTEA;
ALTER TABLE outbox ADD COLUMN state TEXT NOT NULL DEFAULT 'due';
ALTER TABLE outbox ADD COLUMN turn BIGINT NOT NULL DEFAULT 1;
ALTER TABLE outbox ADD COLUMN next_at_unix_ms BIGINT NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN tries BIGINT NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN unanswered BIGINT NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN leased_until_unix_ms BIGINT NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN message_id TEXT;
ALTER TABLE outbox ADD COLUMN last_reply TEXT;
ALTER TABLE outbox ADD COLUMN ended_at_unix_ms BIGINT;
UPDATE outbox SET reference_id = f.fact_id, subject_id = f.subject_id, entry_id = f.entry_id FROM agreement_facts f
WHERE f.partner_id = outbox.partner_id AND f.customer_id = outbox.customer_id AND f.fact_no = outbox.fact_no;
ALTER TABLE outbox ALTER COLUMN reference_id SET NOT NULL;
ALTER TABLE outbox DROP COLUMN fact_no;
*/
/*sqlite
-- reference_id is what the mail is about: a fact (notice), an attestation, an invitation, a dispute. turn: 0 goes before
-- everything else (codes that somebody waits for), 1 is the rest. due_at is the promise, next_at the earliest next try; both
-- by the policy clock, as created_at. leased_until and ended_at are by the wall clock. unanswered counts hand-overs whose
-- reply never came.
CREATE TABLE outbox (
  partner_id BYTEA NOT NULL,
  outbox_id BYTEA NOT NULL,
  kind TEXT NOT NULL,
  customer_id BYTEA,
  due_at_unix_ms BIGINT NOT NULL,
  created_at_unix_ms BIGINT NOT NULL,
  reference_id BYTEA NOT NULL,
  subject_id BYTEA,
  entry_id BYTEA,
  repeats_id BYTEA,
  state TEXT NOT NULL DEFAULT 'due',
  turn BIGINT NOT NULL DEFAULT 1,
  next_at_unix_ms BIGINT NOT NULL DEFAULT 0,
  tries BIGINT NOT NULL DEFAULT 0,
  unanswered BIGINT NOT NULL DEFAULT 0,
  leased_until_unix_ms BIGINT NOT NULL DEFAULT 0,
  message_id TEXT,
  last_reply TEXT,
  ended_at_unix_ms BIGINT,
  PRIMARY KEY (partner_id, outbox_id)
) WITHOUT ROWID;
INSERT INTO outbox (partner_id, outbox_id, kind, customer_id, due_at_unix_ms, created_at_unix_ms, reference_id, subject_id, entry_id)
SELECT b.partner_id, b.outbox_id, b.kind, b.customer_id, b.due_at_unix_ms, b.created_at_unix_ms, f.fact_id, f.subject_id, f.entry_id
FROM outbox_before b
JOIN agreement_facts f ON f.partner_id = b.partner_id AND f.customer_id = b.customer_id AND f.fact_no = b.fact_no;
DROP TABLE outbox_before;
*/
CREATE INDEX outbox_due ON outbox (turn, partner_id, next_at_unix_ms, outbox_id) WHERE state = 'due';
CREATE INDEX outbox_customer ON outbox (partner_id, customer_id, outbox_id);
CREATE INDEX outbox_reference ON outbox (partner_id, reference_id);

-- Every time a mail was offered to the mail server. outcome: handed-over, later, refused, unanswered; reply is the code and
-- the enhanced code of the server's answer, or where the connection ended: never the server's words, which may quote an address.
CREATE TABLE mail_attempts (
  partner_id BYTEA NOT NULL,
  outbox_id BYTEA NOT NULL,
  attempt_id BYTEA NOT NULL,
  at_unix_ms BIGINT NOT NULL,
  outcome TEXT NOT NULL,
  reply TEXT NOT NULL,
  PRIMARY KEY (partner_id, outbox_id, attempt_id)
)/*sqlite WITHOUT ROWID*/;

-- Links that open the signatory's own page: 256 random bits each, kept as their SHA-256 only. Every copy of a mail has its own.
CREATE TABLE signatory_links (
  partner_id BYTEA NOT NULL,
  token_hash BYTEA NOT NULL,
  customer_id BYTEA NOT NULL,
  subject_id BYTEA NOT NULL,
  reference_id BYTEA NOT NULL,
  outbox_id BYTEA NOT NULL,
  created_at_unix_ms BIGINT NOT NULL,
  PRIMARY KEY (partner_id, token_hash)
)/*sqlite WITHOUT ROWID*/;
CREATE INDEX signatory_links_subject ON signatory_links (partner_id, customer_id, subject_id);

-- A notice about an agreement is written in the language of the attestation that it was made of.
CREATE INDEX attestations_accepted ON attestations (partner_id, accepted_entry_id) WHERE accepted_entry_id IS NOT NULL;
