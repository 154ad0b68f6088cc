-- The number of the earlier fact whose signatory this one's resembles (a near-duplicate); found when it was recorded, as
-- people are sealed and may be erased. Null for none. Facts recorded before have none.
ALTER TABLE agreement_facts ADD COLUMN similar_to BIGINT;

-- What a list of one reseller's customers is ordered by, beside the reseller, so that a page is a walk along one index however
-- large the provider is. Copies of the account's columns.
ALTER TABLE customer_resellers ADD COLUMN search_name TEXT /*postgres COLLATE "C"*/ NOT NULL DEFAULT '';
ALTER TABLE customer_resellers ADD COLUMN domain TEXT /*postgres COLLATE "C"*/ NOT NULL DEFAULT '';
UPDATE customer_resellers SET
  search_name = (SELECT a.search_name FROM customer_accounts a WHERE a.partner_id = customer_resellers.partner_id AND a.customer_id = customer_resellers.customer_id),
  domain = (SELECT a.domain FROM customer_accounts a WHERE a.partner_id = customer_resellers.partner_id AND a.customer_id = customer_resellers.customer_id);
DROP INDEX customer_resellers_reseller;
CREATE INDEX customer_resellers_name ON customer_resellers (partner_id, reseller_id, search_name, customer_id);
CREATE INDEX customer_resellers_domain ON customer_resellers (partner_id, reseller_id, domain, customer_id);
