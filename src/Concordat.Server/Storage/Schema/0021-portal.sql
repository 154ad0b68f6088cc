-- What was done about one customer, newest first, and what failed to reach somebody: the portal's lists.
CREATE INDEX audit_customer ON audit (partner_id, customer_id, audit_id);
CREATE INDEX outbox_failed ON outbox (partner_id, outbox_id) WHERE state = 'failed';
