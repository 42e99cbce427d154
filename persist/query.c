/* query.c - the organizer queries: one statement each, JSON made by PostgreSQL, rights decided by a join.
 *
 * $1 is the asking account, further parameters are texts. A statement that finds nothing of this account's returns no row.
 * Whoever is in the organization may see, organizers and owners may change; people with a role in one session may see it.
 */
#include "persist_internal.h"

#define MS(at) "(extract(epoch FROM " at ") * 1000)::bigint"
#define AT(ms) "to_timestamp(nullif(" ms ", '')::bigint / 1000.0)"
#define HASH(n) "decode(" n ", 'hex')"
#define CHANGES "m.role IN ('organizer', 'owner')"

#define EVENT_JSON \
    "json_build_object('id', e.id, 'organization', json_build_object('id', o.id, 'name', o.name), 'title', e.title," \
    " 'description', e.description, 'sessions', (SELECT count(*) FROM session s WHERE s.event_id = e.id))"
#define EVENT_FROM "event e JOIN organization o ON o.id = e.organization_id JOIN membership m ON m.organization_id = o.id AND m.account_id = $1"

/* What an account is in a session: the highest of its membership and its own role. */
#define SESSION_FROM \
    "session s JOIN room r ON r.id = s.id JOIN event e ON e.id = s.event_id JOIN organization o ON o.id = e.organization_id" \
    " LEFT JOIN membership m ON m.organization_id = o.id AND m.account_id = $1" \
    " LEFT JOIN session_role sr ON sr.session_id = s.id AND sr.account_id = $1"
#define SESSION_ROLE "CASE WHEN " CHANGES " THEN 'host'::role WHEN sr.role IS NOT NULL THEN sr.role ELSE 'attendee'::role END"
/* Members of the organization, and those who lead this session. */
#define SESSION_SEEN "(m.account_id IS NOT NULL OR sr.role IN ('cohost', 'host'))"
#define SESSION_KNOWN "(m.account_id IS NOT NULL OR sr.account_id IS NOT NULL)"
#define INITIAL_POLICY(NAME, word, initial, low, high) " || '{\"" #word "\":" #initial "}'"
#define SESSION_POLICIES "'{}'::jsonb" LECTERN_POLICIES(INITIAL_POLICY) " || r.policies"
#define SESSION_JSON \
    "json_build_object('id', s.id, 'event', json_build_object('id', e.id, 'title', e.title)," \
    " 'organization', json_build_object('id', o.id, 'name', o.name), 'code', s.code, 'title', s.title," \
    " 'description', s.description, 'starts_at', " MS("s.starts_at") ", 'ends_at', " MS("s.ends_at") "," \
    " 'timezone', s.timezone, 'state', r.state, 'policies', " SESSION_POLICIES ", 'role', " SESSION_ROLE "," \
    " 'live_at', " MS("r.live_at") ", 'ended_at', " MS("r.ended_at") "," \
    " 'questions', (SELECT count(*) FROM question q WHERE q.room_id = s.id), 'responses', r.responses)"
#define LINK_JSON \
    "json_build_object('id', l.id, 'role', l.role, 'label', l.label, 'created_at', " MS("l.created_at") "," \
    " 'expires_at', " MS("l.expires_at") ", 'revoked_at', " MS("l.revoked_at") ")"

/* ---- the review ---- */

/* A name is exported as the policy allowed it to be seen by the host side. */
#define NAME "CASE WHEN q.anonymous OR coalesce((r.policies->>'names')::int, 3) = 0 THEN '' ELSE q.name END"
#define ASKED_QUESTIONS \
    "q.id, q.text, q.state, q.votes, " NAME " AS name, " MS("q.asked_at") " AS asked_at, " MS("q.published_at") " AS published_at, " \
    MS("q.staged_at") " AS staged_at, " MS("q.answered_at") " AS answered_at, q.reply, q.reply_private, q.reason, q.note"

static const char review[] =
    "WITH it AS (SELECT s.id, r.peak, " SESSION_JSON " AS session, coalesce((r.policies->>'feedback_names')::int, 0) = 1 AS named,"
    " r.policies FROM " SESSION_FROM " WHERE s.id = $2::bigint AND " SESSION_SEEN "), "
    "people AS (SELECT p.* FROM participant p JOIN it ON p.room_id = it.id), "
    "asked AS (SELECT q.* FROM question q JOIN it ON q.room_id = it.id), "
    "voters AS (SELECT DISTINCT participant_id FROM vote v JOIN it ON v.room_id = it.id), "
    "points AS (SELECT p.at, sum(p.here) AS here FROM presence_sample p JOIN it ON p.room_id = it.id GROUP BY p.at), "
    "width AS (SELECT greatest(10, ceil(extract(epoch FROM max(at) - min(at)) / 500)) AS seconds FROM points), "
    "curve AS (SELECT to_timestamp(floor(extract(epoch FROM at) / seconds) * seconds) AS at, max(here) AS here"
    " FROM points, width GROUP BY 1), "
    "fb AS (SELECT f.* FROM feedback f JOIN it ON f.room_id = it.id), "
    "t AS (SELECT count(*) AS questions, coalesce(sum(votes), 0) AS votes, count(*) FILTER (WHERE state = 'answered') AS answered,"
    " count(*) FILTER (WHERE state IN ('pending', 'live', 'stage')) AS unanswered,"
    " count(*) FILTER (WHERE state = 'rejected') AS rejected, count(*) FILTER (WHERE state = 'withdrawn') AS withdrawn,"
    " count(*) FILTER (WHERE published_at IS NOT NULL AND state <> 'withdrawn') AS published,"
    " count(*) FILTER (WHERE published_at IS NOT NULL AND (state = 'answered' OR state = 'archived' AND answered_at IS NOT NULL)) AS met,"
    " (percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM answered_at - asked_at) * 1000)"
    "  FILTER (WHERE answered_at IS NOT NULL))::bigint AS median,"
    " count(*) FILTER (WHERE state IN ('live', 'stage')) AS unmet,"
    " coalesce(sum(votes) FILTER (WHERE state IN ('live', 'stage')), 0) AS unmet_votes FROM asked), "
    "rec AS (SELECT count(*) AS n, count(*) FILTER (WHERE recommend >= 9) AS promoters,"
    " count(*) FILTER (WHERE recommend IN (7, 8)) AS passives, count(*) FILTER (WHERE recommend <= 6) AS detractors"
    " FROM fb WHERE recommend IS NOT NULL) "
    "SELECT json_build_object('session', it.session,"
    " 'reach', json_build_object('unique', (SELECT count(*) FROM people),"
    "  'peak', greatest(it.peak, (SELECT max(here) FROM curve)),"
    "  'curve', coalesce((SELECT json_agg(json_build_array(" MS("at") ", here) ORDER BY at) FROM curve), '[]'),"
    "  'first_at', (SELECT " MS("min(first_seen)") " FROM people), 'last_at', (SELECT " MS("max(last_seen)") " FROM people)),"
    " 'activity', json_build_object('askers', (SELECT count(DISTINCT asker) FROM asked), 'voters', (SELECT count(*) FROM voters),"
    "  'readers', (SELECT count(*) FROM people p WHERE NOT EXISTS (SELECT FROM asked a WHERE a.asker = p.id)"
    "   AND NOT EXISTS (SELECT FROM voters v WHERE v.participant_id = p.id))),"
    " 'totals', json_build_object('questions', t.questions, 'votes', t.votes, 'answered', t.answered, 'unanswered', t.unanswered,"
    "  'rejected', t.rejected, 'withdrawn', t.withdrawn),"
    " 'answered_share', CASE WHEN t.published > 0 THEN round(t.met::numeric / t.published, 4) END,"
    " 'median_answer_ms', t.median, 'unmet', json_build_object('questions', t.unmet, 'votes', t.unmet_votes),"
    " 'questions', coalesce((SELECT json_agg(row_to_json(x) ORDER BY x.votes DESC, x.id) FROM (SELECT " ASKED_QUESTIONS
    "  FROM asked q, (SELECT policies FROM it) r) x), '[]'),"
    " 'feedback', json_build_object('n', (SELECT count(*) FROM fb),"
    "  'stars', (SELECT json_agg((SELECT count(*) FROM fb WHERE stars = n) ORDER BY n) FROM generate_series(1, 5) n),"
    "  'stars_mean', (SELECT round(avg(stars), 2) FROM fb),"
    "  'recommend', (SELECT json_build_object('n', n, 'promoters', promoters, 'passives', passives, 'detractors', detractors,"
    "   'score', CASE WHEN n > 0 THEN round(100.0 * (promoters - detractors) / n) END) FROM rec),"
    "  'comments_hidden', NOT it.named AND (SELECT count(*) FROM fb) < 3,"
    "  'comments', coalesce((SELECT json_agg(json_build_object('text', text, 'stars', stars, 'recommend', recommend,"
    "   'at', " MS("changed_at") ", 'name', CASE WHEN it.named THEN name ELSE '' END) ORDER BY changed_at) FROM fb"
    "   WHERE text <> '' AND (it.named OR (SELECT count(*) FROM fb) >= 3)), '[]')))::text FROM it, t";

/* ---- exports: one text column, a row per line ---- */

/* A cell of CSV (RFC 4180). A leading apostrophe keeps spreadsheets from running what an attendee wrote. */
#define CELL(x) \
    "'\"' || replace(CASE WHEN left(" x "::text, 1) IN ('=', '+', '-', '@', E'\\t', E'\\r', E'\\n', '＝'," \
    " '＋', '－', '＠') THEN '''' ELSE '' END" \
    " || " x "::text, '\"', '\"\"') || '\"'"
#define TIME(at) "coalesce(to_char(" at " AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"'), '')"
/* The session, when this account may see it; account 0 is the operator at the command line (the API never passes it). */
#define EXPORT_HEAD \
    "WITH it AS (SELECT s.id, r.policies FROM " SESSION_FROM " WHERE s.id = $2::bigint AND ($1 = 0 OR " SESSION_SEEN ")), "
#define CSV(COLUMNS, ROWS, HEADER, LINE, ORDER) \
    EXPORT_HEAD "x AS (SELECT " COLUMNS " FROM " ROWS ") " \
    "SELECT line FROM (SELECT 0 AS part, 0 AS n, '" HEADER "' || E'\\r' AS line FROM it UNION ALL" \
    " SELECT 1, row_number() OVER (ORDER BY " ORDER "), " LINE " || E'\\r' FROM x) y ORDER BY part, n"
#define JSON(COLUMNS, ROWS, ORDER) \
    EXPORT_HEAD "x AS (SELECT " COLUMNS " FROM " ROWS ") " \
    "SELECT line FROM (SELECT 0 AS part, 0 AS n, '[' AS line FROM it UNION ALL" \
    " SELECT 1, row_number() OVER (ORDER BY " ORDER ")," \
    " CASE WHEN row_number() OVER (ORDER BY " ORDER ") > 1 THEN ',' ELSE '' END || row_to_json(x)::text FROM x UNION ALL" \
    " SELECT 2, 0, ']' FROM it) y ORDER BY part, n"

#define QUESTION_COLUMNS \
    "q.id, q.text, q.state, q.votes, " NAME " AS name, q.reply, q.reply_private, q.reason, q.note, " TIME("q.asked_at") \
    " AS asked_at, " TIME("q.published_at") " AS published_at, " TIME("q.staged_at") " AS staged_at, " TIME("q.answered_at") " AS answered_at"
#define QUESTION_ROWS "question q JOIN it r ON q.room_id = r.id"
/* Per question: the moment of a single vote says too much about the voter. */
#define VOTES_OF_Q "vote v WHERE v.room_id = q.room_id AND v.question_id = q.id"
#define VOTE_COLUMNS \
    "q.id AS question, q.text, q.state, q.votes, (SELECT " TIME("min(v.at)") " FROM " VOTES_OF_Q ") AS first_at," \
    " (SELECT " TIME("max(v.at)") " FROM " VOTES_OF_Q ") AS last_at"
#define VOTE_ROWS "question q JOIN it ON q.room_id = it.id"
#define NAMED "coalesce((it.policies->>'feedback_names')::int, 0) = 1"
/* As in the review: what fewer than three people wrote without their names stays hidden. */
#define FEEDBACK_COLUMNS \
    "f.stars, f.recommend, CASE WHEN " NAMED " OR (SELECT count(*) FROM feedback g WHERE g.room_id = it.id) >= 3" \
    " THEN f.text ELSE '' END AS text, CASE WHEN " NAMED " THEN f.name ELSE '' END AS name, " \
    TIME("f.changed_at") " AS at"
#define FEEDBACK_ROWS "feedback f JOIN it ON f.room_id = it.id"
#define ATTENDANCE_COLUMNS "p.role, " TIME("p.first_seen") " AS first_seen, " TIME("p.last_seen") " AS last_seen, p.visits"
#define ATTENDANCE_ROWS "participant p JOIN it ON p.room_id = it.id"

const char *const db_query_sql[DB_QUERY_COUNT] = {
    [DB_CLOCK] = "SELECT (" MS("clock_timestamp()") ")::text WHERE $1 >= 0",
    [DB_SETUP_NEEDED] = "SELECT (NOT EXISTS (SELECT FROM account) OR $1 < 0)::text",
    /* The organization of that name, or a new one that the account then owns. */
    [DB_ACCOUNT_CREATE] =
        "WITH a AS (INSERT INTO account (email, name, password_hash) SELECT $2, $3, $4 WHERE $1 >= 0"
        " RETURNING id, name, email), "
        "old AS (SELECT id FROM organization WHERE name = $5 ORDER BY id LIMIT 1), "
        "o AS (INSERT INTO organization (name) SELECT $5 WHERE $5 IS NOT NULL AND NOT EXISTS (SELECT FROM old)"
        " RETURNING id), "
        "j AS (INSERT INTO membership (organization_id, account_id, role)"
        " SELECT o.id, a.id, 'owner'::member_role FROM o, a"
        " UNION ALL SELECT old.id, a.id, coalesce($6, 'organizer')::member_role FROM old, a) "
        "SELECT row_to_json(a)::text FROM a",
    /* Deleting the token locks it: of several that come at once one finds it. */
    [DB_SETUP] =
        "WITH t AS (DELETE FROM setup_token WHERE token_hash = " HASH("$2") " AND expires_at > now() AND $1 >= 0"
        " AND NOT EXISTS (SELECT FROM account) RETURNING 1), "
        "a AS (INSERT INTO account (email, name, password_hash) SELECT $3, $4, $5 FROM t RETURNING id, name, email), "
        "o AS (INSERT INTO organization (name) SELECT $6 FROM t RETURNING id), "
        "j AS (INSERT INTO membership (organization_id, account_id, role) SELECT o.id, a.id, 'owner' FROM o, a) "
        "SELECT row_to_json(a)::text FROM a",
    [DB_ACCOUNT_BY_EMAIL] = "SELECT json_build_object('id', id, 'name', name, 'password_hash', password_hash,"
                            " 'disabled', disabled_at IS NOT NULL)::text FROM account WHERE lower(email) = lower($2) AND $1 >= 0",
    [DB_ACCOUNT_ME] =
        "SELECT json_build_object('id', a.id, 'name', a.name, 'email', a.email, 'organizations', coalesce((SELECT json_agg("
        "json_build_object('id', o.id, 'name', o.name, 'role', m.role) ORDER BY o.name) FROM membership m"
        " JOIN organization o ON o.id = m.organization_id WHERE m.account_id = a.id), '[]'))::text FROM account a WHERE a.id = $1",
    [DB_ACCOUNT_PASSWORD] = "SELECT password_hash FROM account WHERE id = $1",
    [DB_ACCOUNT_SET_PASSWORD] =
        "WITH ended AS (DELETE FROM login WHERE account_id = $1 AND ($3::text IS NULL OR token_hash <> " HASH("$3") ")) "
        "UPDATE account SET password_hash = $2 WHERE id = $1 RETURNING 'true'",
    [DB_LOGIN_CREATE] = "WITH old AS (DELETE FROM login WHERE account_id = $1 AND expires_at < now())"
                        " INSERT INTO login (token_hash, account_id, user_agent, expires_at)"
                        " VALUES (" HASH("$2") ", $1, left($3, 300), now() + make_interval(secs => $4::float)) RETURNING 'true'",
    [DB_LOGIN_ACCOUNT] = /* a write only every few minutes */
        "WITH seen AS (UPDATE login SET last_seen = now() WHERE token_hash = " HASH("$2")
        " AND last_seen < now() - interval '5 min')"
        " SELECT l.account_id::text FROM login l JOIN account a ON a.id = l.account_id"
        " WHERE l.token_hash = " HASH("$2") " AND l.expires_at > now() AND a.disabled_at IS NULL AND $1 >= 0",
    [DB_LOGIN_END] = "DELETE FROM login WHERE token_hash = " HASH("$2") " AND $1 >= 0 RETURNING 'true'",
    [DB_LOGIN_END_ALL] = "WITH d AS (DELETE FROM login WHERE account_id = $1) SELECT 'true'",
    [DB_SETUP_TOKEN_SET] =
        "INSERT INTO setup_token (token_hash, expires_at) SELECT " HASH("$2") ", now() + make_interval(secs => $3::float)"
        " WHERE $1 >= 0 ON CONFLICT (only_one) DO UPDATE SET token_hash = excluded.token_hash, expires_at = excluded.expires_at"
        " RETURNING 'true'",
    [DB_SETUP_TOKEN_CHECK] = "SELECT 'true' FROM setup_token WHERE token_hash = " HASH("$2") " AND expires_at > now() AND $1 >= 0"
                             " AND NOT EXISTS (SELECT FROM account)",
    [DB_EVENT_LIST] = "SELECT coalesce(json_agg(" EVENT_JSON " ORDER BY e.created_at DESC, e.id DESC), '[]')::text FROM " EVENT_FROM,
    [DB_SESSION_FIRST] = "SELECT json_build_object('id', s.id, 'code', s.code)::text FROM " SESSION_FROM
                         " WHERE m.role = 'owner' ORDER BY s.id LIMIT 1",
    [DB_EVENT_CREATE] =
        "WITH e AS (INSERT INTO event (organization_id, title, description, created_by) SELECT m.organization_id, $3, $4, $1"
        " FROM membership m WHERE m.organization_id = $2::bigint AND m.account_id = $1 AND " CHANGES " RETURNING *) "
        "SELECT " EVENT_JSON "::text FROM e JOIN organization o ON o.id = e.organization_id",
    [DB_EVENT_GET] =
        "SELECT (" EVENT_JSON "::jsonb || jsonb_build_object('sessions', coalesce((SELECT jsonb_agg(x.j ORDER BY x.starts_at, x.id) FROM"
        " (SELECT " SESSION_JSON "::jsonb AS j, s.starts_at, s.id FROM " SESSION_FROM " WHERE e.id = $2::bigint) x), '[]')))::text FROM "
        EVENT_FROM " WHERE e.id = $2::bigint",
    [DB_EVENT_UPDATE] =
        "WITH e AS (UPDATE event e SET title = coalesce($3, e.title), description = coalesce($4, e.description) FROM membership m"
        " WHERE e.id = $2::bigint AND m.organization_id = e.organization_id AND m.account_id = $1 AND " CHANGES " RETURNING e.*) "
        "SELECT e.id::text FROM e",
    [DB_SESSION_CREATE] =
        "WITH n AS (INSERT INTO session (event_id, code, title, description, starts_at, ends_at, timezone, created_by)"
        " SELECT e.id, $3, $4, $5, " AT("$6") ", " AT("$7") ", $8, $1 FROM " EVENT_FROM
        " WHERE e.id = $2::bigint AND " CHANGES " AND now() AT TIME ZONE $8 IS NOT NULL RETURNING id, code), "
        "made AS (INSERT INTO room (id, policies) SELECT id, $9::jsonb FROM n) "
        "SELECT row_to_json(n)::text FROM n",
    [DB_SESSION_GET] = "SELECT " SESSION_JSON "::text FROM " SESSION_FROM " WHERE s.id = $2::bigint AND " SESSION_SEEN,
    [DB_SESSION_ROLE] =
        "SELECT (" SESSION_ROLE ")::text FROM " SESSION_FROM " WHERE s.id = $2::bigint AND " SESSION_KNOWN,
    [DB_SESSION_BY_CODE] =
        "SELECT json_build_object('code', s.code, 'title', s.title, 'state', r.state, 'event', e.title, 'starts_at', " MS("s.starts_at")
        ")::text FROM session s JOIN room r ON r.id = s.id JOIN event e ON e.id = s.event_id"
        " WHERE s.code = $2 AND r.state <> 'draft' AND $1 >= 0",
    [DB_LINK_CREATE] =
        "WITH l AS (INSERT INTO role_link (session_id, role, label, token_hash, created_by, expires_at) SELECT s.id, $3::role, $4, "
        HASH("$5") ", $1, now() + make_interval(secs => $6::float) FROM " SESSION_FROM
        " WHERE s.id = $2::bigint AND " CHANGES " RETURNING *) SELECT " LINK_JSON "::text FROM l",
    [DB_LINK_LIST] =
        "SELECT coalesce((SELECT json_agg(" LINK_JSON " ORDER BY l.id) FROM role_link l WHERE l.session_id = s.id), '[]')::text FROM "
        SESSION_FROM " WHERE s.id = $2::bigint AND " SESSION_SEEN,
    [DB_LINK_REVOKE] =
        "UPDATE role_link l SET revoked_at = coalesce(l.revoked_at, now()) FROM " SESSION_FROM
        " WHERE l.id = $2::bigint AND s.id = l.session_id AND " CHANGES
        " RETURNING json_build_object('session', l.session_id)::text",
    [DB_LINK_BY_TOKEN] =
        "SELECT json_build_object('id', l.id, 'session', s.id, 'code', s.code, 'role', l.role, 'label', l.label)::text FROM role_link l"
        " JOIN session s ON s.id = l.session_id WHERE l.token_hash = " HASH("$2") " AND l.revoked_at IS NULL"
        " AND (l.expires_at IS NULL OR l.expires_at > now()) AND $1 >= 0",
    [DB_REVIEW] = review,
    [DB_EXPORT_QUESTIONS_CSV] = CSV(QUESTION_COLUMNS, QUESTION_ROWS,
        "id,text,state,votes,name,reply,reply_private,reason,note,asked_at,published_at,staged_at,answered_at",
        "concat_ws(',', id, " CELL("text") ", state, votes, " CELL("name") ", " CELL("reply") ", reply_private, reason, " CELL("note")
        ", asked_at, published_at, staged_at, answered_at)", "id"),
    [DB_EXPORT_QUESTIONS_JSON] = JSON(QUESTION_COLUMNS, QUESTION_ROWS, "id"),
    [DB_EXPORT_VOTES_CSV] = CSV(VOTE_COLUMNS, VOTE_ROWS, "question,text,state,votes,first_at,last_at",
        "concat_ws(',', question, " CELL("text") ", state, votes, first_at, last_at)", "question"),
    [DB_EXPORT_VOTES_JSON] = JSON(VOTE_COLUMNS, VOTE_ROWS, "question"),
    [DB_EXPORT_FEEDBACK_CSV] = CSV(FEEDBACK_COLUMNS, FEEDBACK_ROWS, "stars,recommend,text,name,at",
        "concat_ws(',', coalesce(stars::text, ''), coalesce(recommend::text, ''), " CELL("text") ", " CELL("name") ", at)", "at"),
    [DB_EXPORT_FEEDBACK_JSON] = JSON(FEEDBACK_COLUMNS, FEEDBACK_ROWS, "at"),
    [DB_EXPORT_ATTENDANCE_CSV] = CSV(ATTENDANCE_COLUMNS, ATTENDANCE_ROWS, "role,first_seen,last_seen,visits",
        "concat_ws(',', role, first_seen, last_seen, visits)", "first_seen"),
    [DB_EXPORT_ATTENDANCE_JSON] = JSON(ATTENDANCE_COLUMNS, ATTENDANCE_ROWS, "first_seen"),
};
