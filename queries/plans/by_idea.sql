-- Does a change idea help, wherever it was tried?
-- One row per change idea and measure that a plan of the schools and year has; in the share view one
-- for each network, as it stood when the month was coded.
SELECT *
FROM idea_cell
ORDER BY withheld, schools DESC, students DESC NULLS LAST, network NULLS LAST, idea, measure
