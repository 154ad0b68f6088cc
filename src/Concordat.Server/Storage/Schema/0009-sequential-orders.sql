-- SQLite keeps these in order of insertion, with the key as an index beside them. Kept in order of their keys, which are
-- random, nearly every new row dirtied a page of its own, and a long one a second page. PostgreSQL has always done so.
/*sqlite
CREATE TABLE orders_by_insertion (
  partner_id BYTEA NOT NULL,
  customer_id BYTEA NOT NULL,
  order_id BYTEA NOT NULL,
  created_at_unix_ms BIGINT NOT NULL,
  entry_id BYTEA,
  etag BIGINT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (partner_id, customer_id, order_id)
);
INSERT INTO orders_by_insertion SELECT partner_id, customer_id, order_id, created_at_unix_ms, entry_id, etag, body FROM orders;
DROP TABLE orders;
ALTER TABLE orders_by_insertion RENAME TO orders;

CREATE TABLE subscriptions_by_insertion (
  partner_id BYTEA NOT NULL,
  customer_id BYTEA NOT NULL,
  subscription_id BYTEA NOT NULL,
  order_id BYTEA NOT NULL,
  parent_id BYTEA,
  renews_at_unix_ms BIGINT,
  etag BIGINT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (partner_id, customer_id, subscription_id)
);
INSERT INTO subscriptions_by_insertion
  SELECT partner_id, customer_id, subscription_id, order_id, parent_id, renews_at_unix_ms, etag, body FROM subscriptions;
DROP TABLE subscriptions;
ALTER TABLE subscriptions_by_insertion RENAME TO subscriptions;
CREATE INDEX subscriptions_renewal ON subscriptions (renews_at_unix_ms) WHERE renews_at_unix_ms IS NOT NULL;

CREATE TABLE idempotency_by_insertion (
  partner_id BYTEA NOT NULL,
  key_hash BYTEA NOT NULL,
  body_hash BYTEA NOT NULL,
  result TEXT NOT NULL,
  created_at_unix_ms BIGINT NOT NULL,
  PRIMARY KEY (partner_id, key_hash)
);
INSERT INTO idempotency_by_insertion SELECT partner_id, key_hash, body_hash, result, created_at_unix_ms FROM idempotency;
DROP TABLE idempotency;
ALTER TABLE idempotency_by_insertion RENAME TO idempotency;
CREATE INDEX idempotency_created ON idempotency (created_at_unix_ms);
*/
