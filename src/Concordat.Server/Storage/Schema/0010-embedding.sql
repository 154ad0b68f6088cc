-- Where a partner may embed the acceptance page: exact origins between blanks, none by default.
ALTER TABLE partners ADD COLUMN embedding_origins TEXT NOT NULL DEFAULT '';

-- Keyed hash of the program or browser that made the attestation, to see whether the same one answered.
ALTER TABLE attestations ADD COLUMN creator_agent BYTEA;
