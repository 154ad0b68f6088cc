-- Partners' requests that a customer accepts directly. Times are by the policy clock; opened: somebody of the customer had the page on
-- their screen. subject_id is who gets the mail; null where the partner sends the text itself.

CREATE TABLE invitations (
  partner_id BYTEA NOT NULL,
  invitation_id BYTEA NOT NULL,
  customer_id BYTEA NOT NULL,
  subject_id BYTEA,
  language TEXT NOT NULL,
  reason TEXT NOT NULL,
  refused_from_unix_ms BIGINT,
  created_at_unix_ms BIGINT NOT NULL,
  opened_at_unix_ms BIGINT,
  cancelled_at_unix_ms BIGINT,
  PRIMARY KEY (partner_id, invitation_id)
)/*sqlite WITHOUT ROWID*/;
CREATE INDEX invitations_customer ON invitations (partner_id, customer_id, invitation_id);
