-- One text for both engines. A comment that opens with the engine's name is uncommented for that engine only.
-- Ids are 16 bytes, big-endian (BYTEA); times are UTC Unix milliseconds; flags are 0 or 1.

-- Shared tables: reached by a partner only through an active relationship.

CREATE TABLE settings (
  name TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
);

-- A customer tenant as such, whoever sells to it. The name is the tenant's own: a partner that renames its account does
-- not change it. The domain is null once no account is left (sandbox only).
CREATE TABLE customers (
  customer_id BYTEA NOT NULL PRIMARY KEY,
  domain TEXT,
  name TEXT NOT NULL,
  cloud TEXT NOT NULL,
  direct_version BIGINT NOT NULL,
  direct_at_unix_ms BIGINT NOT NULL,
  direct_entry_id BYTEA,
  created_at_unix_ms BIGINT NOT NULL
)/*sqlite WITHOUT ROWID*/;
CREATE UNIQUE INDEX customers_domain ON customers (domain);

CREATE TABLE direct_acceptances (
  customer_id BYTEA NOT NULL,
  acceptance_no BIGINT NOT NULL,
  version BIGINT NOT NULL,
  accepted_at_unix_ms BIGINT NOT NULL,
  recorded_at_unix_ms BIGINT NOT NULL,
  entry_id BYTEA NOT NULL,
  -- What opens the entry's digests; it names the tenant only, and no person.
  disclosures TEXT NOT NULL,
  PRIMARY KEY (customer_id, acceptance_no)
)/*sqlite WITHOUT ROWID*/;

-- Append-only. On SQLite seq is contiguous (one writer, no deletes) and leaf index = seq - 1; on PostgreSQL a sequencer
-- gives leaves their index later, because commit order and identity order differ there.
CREATE TABLE ledger_entries (
  seq /*sqlite INTEGER PRIMARY KEY*//*postgres BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY*/,
  entry_id BYTEA NOT NULL,
  entry BYTEA NOT NULL,
  leaf_hash BYTEA NOT NULL
);
CREATE UNIQUE INDEX ledger_entries_id ON ledger_entries (entry_id);

-- Partner tables: key and every query start with partner_id.

CREATE TABLE partners (
  partner_id BYTEA NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  domain TEXT NOT NULL,
  country TEXT NOT NULL,
  environment TEXT NOT NULL,
  mpn_id TEXT NOT NULL,
  provider_id BYTEA,
  mpa_signed BIGINT NOT NULL,
  active BIGINT NOT NULL,
  profile TEXT NOT NULL,
  switches TEXT NOT NULL
)/*sqlite WITHOUT ROWID*/;

-- Who of a partner may do what, by object id; names are not kept.
CREATE TABLE people (
  partner_id BYTEA NOT NULL,
  person_id BYTEA NOT NULL,
  roles BIGINT NOT NULL,
  active BIGINT NOT NULL,
  PRIMARY KEY (partner_id, person_id)
)/*sqlite WITHOUT ROWID*/;

-- One customer as one partner sees it: the relationship and the account that goes with it. A removed account stays for
-- the records that belong to it, and is found by nobody. Paging and prefix search compare the name by its bytes.
CREATE TABLE customer_accounts (
  partner_id BYTEA NOT NULL,
  customer_id BYTEA NOT NULL,
  active BIGINT NOT NULL,
  company_name TEXT NOT NULL,
  search_name TEXT /*postgres COLLATE "C"*/ NOT NULL,
  domain TEXT /*postgres COLLATE "C"*/ NOT NULL,
  relationship TEXT NOT NULL,
  reseller_id BYTEA,
  billing_subject_id BYTEA,
  commerce_id BYTEA NOT NULL,
  etag BIGINT NOT NULL,
  created_at_unix_ms BIGINT NOT NULL,
  removed_at_unix_ms BIGINT,
  PRIMARY KEY (partner_id, customer_id)
)/*sqlite WITHOUT ROWID*/;
CREATE INDEX customer_accounts_name ON customer_accounts (partner_id, search_name, customer_id);
CREATE INDEX customer_accounts_domain ON customer_accounts (partner_id, domain, customer_id);
CREATE INDEX customer_accounts_customer ON customer_accounts (customer_id);

-- Every reseller of a provider's customer; the one it was created for stands in customer_accounts too.
CREATE TABLE customer_resellers (
  partner_id BYTEA NOT NULL,
  customer_id BYTEA NOT NULL,
  reseller_id BYTEA NOT NULL,
  PRIMARY KEY (partner_id, customer_id, reseller_id)
)/*sqlite WITHOUT ROWID*/;
CREATE INDEX customer_resellers_reseller ON customer_resellers (partner_id, reseller_id, customer_id);

-- The only place with people's data: sealed under a key per subject, found again by keyed hashes.
CREATE TABLE subjects (
  partner_id BYTEA NOT NULL,
  customer_id BYTEA NOT NULL,
  subject_id BYTEA NOT NULL,
  kind TEXT NOT NULL,
  contact_hash BYTEA NOT NULL,
  email_hash BYTEA NOT NULL,
  wrapped_key BYTEA NOT NULL,
  sealed BYTEA NOT NULL,
  created_at_unix_ms BIGINT NOT NULL,
  PRIMARY KEY (partner_id, customer_id, subject_id)
)/*sqlite WITHOUT ROWID*/;
CREATE INDEX subjects_email ON subjects (partner_id, email_hash);

-- Append-only. The standing of (partner, customer) is the fold of these rows in fact_no order.
CREATE TABLE agreement_facts (
  partner_id BYTEA NOT NULL,
  customer_id BYTEA NOT NULL,
  fact_no BIGINT NOT NULL,
  fact_id BYTEA NOT NULL,
  kind BIGINT NOT NULL,
  agreement_type BIGINT NOT NULL,
  version BIGINT NOT NULL,
  version_shown BIGINT NOT NULL,
  agreed_at_unix_ms BIGINT NOT NULL,
  recorded_at_unix_ms BIGINT NOT NULL,
  method TEXT NOT NULL,
  subject_id BYTEA,
  attester_id BYTEA,
  operator TEXT,
  supersedes BYTEA,
  entry_id BYTEA NOT NULL,
  PRIMARY KEY (partner_id, customer_id, fact_no)
)/*sqlite WITHOUT ROWID*/;

-- The stored projection of the fold, read by the gate inside the order's own transaction.
CREATE TABLE standings (
  partner_id BYTEA NOT NULL,
  customer_id BYTEA NOT NULL,
  attested_at_unix_ms BIGINT NOT NULL,
  attested_version BIGINT NOT NULL,
  flags BIGINT NOT NULL,
  facts BIGINT NOT NULL,
  entry_id BYTEA,
  PRIMARY KEY (partner_id, customer_id)
)/*sqlite WITHOUT ROWID*/;

-- What opens the digests of an entry; sealed under the subject's key, so that erasing the key closes them for ever.
CREATE TABLE disclosures (
  partner_id BYTEA NOT NULL,
  entry_id BYTEA NOT NULL,
  customer_id BYTEA NOT NULL,
  subject_id BYTEA NOT NULL,
  sealed BYTEA NOT NULL,
  PRIMARY KEY (partner_id, entry_id)
)/*sqlite WITHOUT ROWID*/;

CREATE TABLE carts (
  partner_id BYTEA NOT NULL,
  customer_id BYTEA NOT NULL,
  cart_id BYTEA NOT NULL,
  status TEXT NOT NULL,
  expires_at_unix_ms BIGINT NOT NULL,
  body TEXT NOT NULL,
  result TEXT,
  PRIMARY KEY (partner_id, customer_id, cart_id)
)/*sqlite WITHOUT ROWID*/;

-- entry_id is the ledger entry that the gate relied on; null where the requirement does not apply.
CREATE TABLE orders (
  partner_id BYTEA NOT NULL,
  customer_id BYTEA NOT NULL,
  order_id BYTEA NOT NULL,
  created_at_unix_ms BIGINT NOT NULL,
  entry_id BYTEA,
  etag BIGINT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (partner_id, customer_id, order_id)
)/*sqlite WITHOUT ROWID*/;

CREATE TABLE subscriptions (
  partner_id BYTEA NOT NULL,
  customer_id BYTEA NOT NULL,
  subscription_id BYTEA NOT NULL,
  order_id BYTEA NOT NULL,
  parent_id BYTEA,
  renews_at_unix_ms BIGINT,
  etag BIGINT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (partner_id, customer_id, subscription_id)
)/*sqlite WITHOUT ROWID*/;
CREATE INDEX subscriptions_renewal ON subscriptions (renews_at_unix_ms) WHERE renews_at_unix_ms IS NOT NULL;

-- Legacy subscriptions that went to new commerce.
CREATE TABLE migrations (
  partner_id BYTEA NOT NULL,
  customer_id BYTEA NOT NULL,
  migration_id BYTEA NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (partner_id, customer_id, migration_id)
)/*sqlite WITHOUT ROWID*/;

-- Refused and permitted transactions and other acts, with the decision's facts; no personal data.
CREATE TABLE audit (
  partner_id BYTEA NOT NULL,
  audit_id BYTEA NOT NULL,
  at_unix_ms BIGINT NOT NULL,
  customer_id BYTEA,
  operation TEXT NOT NULL,
  status TEXT NOT NULL,
  request_id TEXT NOT NULL,
  caller_id BYTEA NOT NULL,
  app_id BYTEA NOT NULL,
  operator TEXT,
  resource TEXT,
  decision TEXT,
  PRIMARY KEY (partner_id, audit_id)
)/*sqlite WITHOUT ROWID*/;
CREATE INDEX audit_request ON audit (partner_id, request_id);

-- Work to be done after commit (notices, webhooks, relay); written in the transaction that causes it.
CREATE TABLE outbox (
  partner_id BYTEA NOT NULL,
  outbox_id BYTEA NOT NULL,
  kind TEXT NOT NULL,
  customer_id BYTEA NOT NULL,
  fact_no BIGINT NOT NULL,
  due_at_unix_ms BIGINT NOT NULL,
  created_at_unix_ms BIGINT NOT NULL,
  PRIMARY KEY (partner_id, outbox_id)
)/*sqlite WITHOUT ROWID*/;

-- Effects (2xx) by request id, so that a repeated request gets the first answer; kept 30 days.
CREATE TABLE idempotency (
  partner_id BYTEA NOT NULL,
  key_hash BYTEA NOT NULL,
  body_hash BYTEA NOT NULL,
  result TEXT NOT NULL,
  created_at_unix_ms BIGINT NOT NULL,
  PRIMARY KEY (partner_id, key_hash)
)/*sqlite WITHOUT ROWID*/;
CREATE INDEX idempotency_created ON idempotency (created_at_unix_ms);

-- Facts and entries are never changed: the database itself refuses it.
/*sqlite
CREATE TRIGGER agreement_facts_no_update BEFORE UPDATE ON agreement_facts BEGIN SELECT RAISE(ABORT, 'agreement_facts is append-only'); END;
CREATE TRIGGER agreement_facts_no_delete BEFORE DELETE ON agreement_facts BEGIN SELECT RAISE(ABORT, 'agreement_facts is append-only'); END;
CREATE TRIGGER direct_acceptances_no_update BEFORE UPDATE ON direct_acceptances BEGIN SELECT RAISE(ABORT, 'direct_acceptances is append-only'); END;
CREATE TRIGGER direct_acceptances_no_delete BEFORE DELETE ON direct_acceptances BEGIN SELECT RAISE(ABORT, 'direct_acceptances is append-only'); END;
CREATE TRIGGER ledger_entries_no_update BEFORE UPDATE ON ledger_entries BEGIN SELECT RAISE(ABORT, 'ledger_entries is append-only'); END;
CREATE TRIGGER ledger_entries_no_delete BEFORE DELETE ON ledger_entries BEGIN SELECT RAISE(ABORT, 'ledger_entries is append-only'); END;
*/
/*postgres
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$;
CREATE TRIGGER agreement_facts_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON agreement_facts FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER direct_acceptances_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON direct_acceptances FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entries FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
*/
