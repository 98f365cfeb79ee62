-- The generation that this answer stands on.
-- One row.
SELECT name, loaded_at, source, is_sample
FROM generation
