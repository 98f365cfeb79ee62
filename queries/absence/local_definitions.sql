-- Local definitions that people wrote down here, by name, and who did.
-- One row per definition and school year from which on it holds. record and version say which one to
-- take back; is_newest: no later one of its name holds after it.
SELECT
    record,
    version,
    label,
    since,
    source,
    written_by,
    written_at,
    since = max(since) OVER (PARTITION BY lower(trim(label))) AS is_newest
FROM team_definition
ORDER BY lower(trim(label)), since
