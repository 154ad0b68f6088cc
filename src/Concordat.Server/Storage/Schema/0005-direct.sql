-- What a customer's own acceptance was made of: null where it came without a page of ours. The words of a role and a language
-- are no personal data; who it was stands sealed in direct_signers.

ALTER TABLE direct_acceptances ADD COLUMN signer_id BYTEA;
ALTER TABLE direct_acceptances ADD COLUMN role TEXT;
ALTER TABLE direct_acceptances ADD COLUMN country TEXT;
ALTER TABLE direct_acceptances ADD COLUMN language TEXT;
ALTER TABLE direct_acceptances ADD COLUMN text_sha256 BYTEA;

-- Shared table: the person at the customer who accepted, under a key of their own that the customer's tenant wraps. No partner
-- is told who it was. Deleting the row erases the person; the acceptance and its entry stay.
CREATE TABLE direct_signers (
  customer_id BYTEA NOT NULL,
  signer_id BYTEA NOT NULL,
  wrapped_key BYTEA NOT NULL,
  -- What opens the entry's digests that are about the person, one to a line.
  sealed BYTEA NOT NULL,
  created_at_unix_ms BIGINT NOT NULL,
  PRIMARY KEY (customer_id, signer_id)
)/*sqlite WITHOUT ROWID*/;
