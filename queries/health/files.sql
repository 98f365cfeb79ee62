-- What was read: rows in = accepted + set aside + repaired.
-- One row per file of the exchange folder.
SELECT file, rows_in, accepted, set_aside, repaired
FROM load_files
ORDER BY file
