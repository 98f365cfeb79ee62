-- The place of the share view that the chosen schools are: all, a network, a neighborhood, one.
-- One row, or none where the choice is no such place.
SELECT place, kind FROM share_place_schools WHERE schools = $schools
