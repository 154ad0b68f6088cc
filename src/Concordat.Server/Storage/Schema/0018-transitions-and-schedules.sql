-- Seats that went from one new-commerce subscription to another item, oldest first by id.
CREATE TABLE transitions (
  partner_id BYTEA NOT NULL,
  customer_id BYTEA NOT NULL,
  subscription_id BYTEA NOT NULL,
  transition_id BYTEA NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (partner_id, customer_id, subscription_id, transition_id)
)/*sqlite WITHOUT ROWID*/;

-- Migrations that wait for their day; the due time is null for what was cancelled or is over.
CREATE TABLE migration_schedules (
  partner_id BYTEA NOT NULL,
  customer_id BYTEA NOT NULL,
  schedule_id BYTEA NOT NULL,
  due_at_unix_ms BIGINT,
  body TEXT NOT NULL,
  PRIMARY KEY (partner_id, customer_id, schedule_id)
)/*sqlite WITHOUT ROWID*/;
CREATE INDEX migration_schedules_due ON migration_schedules (due_at_unix_ms) WHERE due_at_unix_ms IS NOT NULL;
