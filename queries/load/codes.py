"""What a code means at each school: the row for the school goes before one for all schools."""

from queries.load.loading import Loading

UNKNOWN_SCHOOL = """
SELECT attendance_codes.rowid AS at_row
FROM attendance_codes
ANTI JOIN schools USING (school_id)
WHERE attendance_codes.school_id IS NOT NULL
"""


def keep(loading: Loading) -> None:
    """code_of_school: one row per school and code that may be used there; of_school is the school
    that attendance_codes names for it, null where it means the same at all of them."""
    loading.connection.execute(
        """
        CREATE TABLE code_of_school AS
        SELECT
            schools.school_id,
            attendance_codes.* EXCLUDE (school_id),
            attendance_codes.school_id AS of_school
        FROM attendance_codes
        JOIN schools
            ON attendance_codes.school_id IS NULL
            OR attendance_codes.school_id = schools.school_id
        QUALIFY row_number() OVER (
            PARTITION BY schools.school_id, attendance_codes.code
            ORDER BY attendance_codes.school_id NULLS LAST
        ) = 1
        """
    )
    if "attendance_codes" in loading.sources:
        words = "is not in schools", "add the school or leave school_id blank for all schools"
        loading.refuse("attendance_codes", ("school_id",), UNKNOWN_SCHOOL, *words)
