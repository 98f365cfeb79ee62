-- What people wrote about the students of the selection, in this school year and before.
-- One row per thing written, newest first. kind: learned, note, step or contact. said_on: the day it
-- speaks of. about: the cause, the kind of contact, or what is to be done. words: the note or result.
WITH student AS (
    SELECT student_id
    FROM student_now WHERE period = 'this'
),
written AS (
    SELECT
        'learned' AS kind, record, version, student_id, written_at, written_by,
        learned_on AS said_on, cause AS about, note AS words, evidence, confidence,
        CAST(NULL AS VARCHAR) AS owner, CAST(NULL AS DATE) AS due_on, CAST(NULL AS VARCHAR) AS state
    FROM team_learned
    UNION ALL
    SELECT
        'note', record, version, student_id, written_at, written_by,
        written_on, NULL, text, NULL, NULL, NULL, NULL, NULL
    FROM team_note
    UNION ALL
    SELECT
        'step', record, version, student_id, written_at, written_by,
        coalesce(ended_on, CAST(written_at AS DATE)), what, result, NULL, NULL, owner, due_on, state
    FROM team_step
    UNION ALL
    SELECT
        'contact', record, version, student_id, written_at, written_by,
        made_on, contact, result, NULL, NULL, NULL, NULL, NULL
    FROM team_contact
)
SELECT written.*
FROM written
SEMI JOIN student ON student.student_id = written.student_id
ORDER BY written.said_on DESC, written.written_at DESC, written.record
