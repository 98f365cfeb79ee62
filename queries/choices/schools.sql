-- Schools to choose from.
-- One row per school.
SELECT school_id, school_name, network, neighborhood, level
FROM schools
ORDER BY school_name
