/* statements.c - the SQL of the store, one statement per kind of event, and the parameters that it takes.
 *
 * Every statement has the same frame: the ledger is asked (the room row is locked by then, so nobody can be writing the
 * same id), the room's seq is taken if the guards hold, everything else hangs on that one row. No row in the result
 * means that a guard refused. Columns: repeated, seq, at (ms), body (of what SQL made).
 * Parameters: $1 room, $2 participant, $3 command id, $4 account, $5 session states, $6 body; on a question also
 * $7 question states, $8 question, $9 the asker it must have (0: anyone).
 */
#include <stdio.h>
#include <stdlib.h>

#include "persist_internal.h"

#define NOW "now_at AS MATERIALIZED (SELECT date_trunc('milliseconds', clock_timestamp()) AS at), "
#define MS(at) "(extract(epoch FROM " at ") * 1000)::bigint"

#define FRAME(SET, GUARD, CHANGES, KIND, BODY) \
    "WITH " NOW \
    "seen AS MATERIALIZED (SELECT seq FROM command WHERE room_id = $1 AND participant_id = $2 AND id = $3), " \
    "bump AS (UPDATE room SET seq = seq + 1" SET " FROM now_at WHERE id = $1 AND state = ANY ($5::session_state[])" \
    " AND NOT EXISTS (SELECT FROM seen)" GUARD " RETURNING seq, responses, at), " CHANGES \
    "ledger AS (INSERT INTO command (participant_id, id, room_id, seq) SELECT $2, $3, $1, seq FROM bump), " \
    "logged AS (INSERT INTO room_event (room_id, seq, at, kind, actor, account, body)" \
    " SELECT $1, seq, at, '" KIND "', $2, $4, " BODY " FROM bump RETURNING seq, at, body) " \
    "SELECT false, seq, " MS("at") ", body FROM logged UNION ALL SELECT true, seq, 0, NULL FROM seen"

#define ON_QUESTION \
    " AND EXISTS (SELECT FROM question q WHERE q.room_id = $1 AND q.id = $8::bigint" \
    " AND q.state = ANY ($7::question_state[]) AND ($9::bigint = 0 OR q.asker = $9))"
/* As room_check has it: nobody has voted, and the host side has not looked. */
#define UNTOUCHED \
    " AND EXISTS (SELECT FROM question q WHERE q.room_id = $1 AND q.id = $8" \
    " AND q.votes = 0 AND NOT q.edited AND q.state_at = q.asked_at)"
#define CHANGE_QUESTION(SET) \
    "change AS (UPDATE question q SET " SET " FROM bump WHERE q.room_id = $1 AND q.id = $8), "

/* As room_apply has it: the times change only with the state, and a text that is the same is no edit. */
#define SINCE "CASE WHEN q.state = $10 THEN q.state_at ELSE at END"
#define ANSWERED "CASE WHEN $10 <> 'answered' THEN NULL WHEN q.state = 'answered' THEN q.answered_at ELSE at END"
#define REWORDED "$13::text <> '' AND $13 <> q.text"

const char *const statement_of_event[EVENT_COUNT] = {
    /* $7 state, $8 text, $9 name, $10 anonymous */
    [EVENT_ASKED] = FRAME("", "",
        "change AS (INSERT INTO question"
        " (room_id, id, asker, state, text, name, anonymous, asked_at, state_at, published_at)"
        " SELECT $1, seq, $2, $7::question_state, $8::text, $9::text, $10::boolean, at, at,"
        " CASE WHEN $7 = 'live' THEN at END FROM bump), ", "asked", "$6"),
    /* $10 text */
    [EVENT_EDITED] = FRAME("", ON_QUESTION UNTOUCHED, CHANGE_QUESTION("text = $10::text"), "edited", "$6"),
    /* $10 state, $11 reason, $12 note, $13 text */
    [EVENT_MOVED] = FRAME("", ON_QUESTION,
        "unstage AS (UPDATE question q SET state = 'live', state_at = at FROM bump"
        " WHERE $10::question_state = 'stage' AND q.room_id = $1 AND q.state = 'stage' AND q.id <> $8), "
        CHANGE_QUESTION(
            "state = $10, state_at = " SINCE ", answered_at = " ANSWERED ","
            " original = CASE WHEN " REWORDED " THEN coalesce(q.original, q.text) ELSE q.original END,"
            " text = CASE WHEN " REWORDED " THEN $13 ELSE q.text END, edited = q.edited OR (" REWORDED "),"
            " reason = $11::reason, note = $12::text,"
            " published_at = CASE WHEN $10 IN ('live', 'stage') THEN coalesce(q.published_at, at)"
            " ELSE q.published_at END,"
            " staged_at = CASE WHEN $10 = 'stage' THEN at ELSE q.staged_at END"), "moved", "$6"),
    /* $10 state, $11 text, $12 private */
    [EVENT_REPLIED] = FRAME("", ON_QUESTION,
        CHANGE_QUESTION(
            "state = $10::question_state, state_at = " SINCE ", answered_at = " ANSWERED ", reply = $11::text,"
            " reply_private = $11 <> '' AND $12::boolean,"
            " published_at = CASE WHEN $11 <> '' AND NOT $12 THEN coalesce(q.published_at, at)"
            " ELSE q.published_at END"), "replied", "$6"),
    /* $7 state */
    [EVENT_STATE] = FRAME(
        ", state = $7::session_state, live_at = CASE WHEN $7 = 'live' THEN coalesce(live_at, at) ELSE live_at END,"
        " ended_at = CASE WHEN $7 = 'ended' THEN at ELSE ended_at END",
        " AND ($7 <> 'draft' OR NOT EXISTS (SELECT FROM question q WHERE q.room_id = $1))", "", "state", "$6"),
    /* $7 policy, $8 value */
    [EVENT_POLICY] = FRAME(", policies = jsonb_set(policies, ARRAY[$7::text], to_jsonb($8::bigint))", "", "", "policy",
        "$6"),
    /* $7 title, $8 description, $9 starts_at, $10 ends_at (ms, 0: none), $11 timezone */
    [EVENT_DETAILS] = FRAME("", "",
        "change AS (UPDATE session s SET title = $7::text, description = $8::text,"
        " starts_at = to_timestamp(nullif($9::bigint, 0) / 1000.0), ends_at = to_timestamp(nullif($10::bigint, 0)"
        " / 1000.0), timezone = $11::text FROM bump WHERE s.id = $1), ", "details", "$6"),
    /* $7 stars (0: none), $8 recommend (-1: none), $9 text, $10 name */
    [EVENT_FEEDBACK] = FRAME(
        ", responses = responses + CASE WHEN EXISTS"
        " (SELECT FROM feedback f WHERE f.room_id = $1 AND f.participant_id = $2) THEN 0 ELSE 1 END", "",
        "change AS (INSERT INTO feedback AS f (room_id, participant_id, stars, recommend, text, name)"
        " SELECT $1, $2, nullif($7::smallint, 0), nullif($8::smallint, -1), $9::text, $10::text FROM bump"
        " ON CONFLICT (room_id, participant_id) DO UPDATE SET stars = excluded.stars, recommend = excluded.recommend,"
        " text = excluded.text, name = excluded.name, changed_at = now()), ",
        "feedback", "'\\x91ce'::bytea || int4send(responses)"),
};

const char statement_lock[] = "SELECT id FROM room WHERE id = ANY ($1::bigint[]) ORDER BY id FOR UPDATE";

/* All votes of a batch. $1 rooms, $2 questions, $3 participants, $4 command ids, $5 on; $6 session states,
 * $7 question states. The last word of a person on a question counts, among the commands the ledger does not know:
 * a repeated old command must not win over a newer one, so the fold comes after the ledger.
 * Rows: n (0: an event), what (0 done, 1 repeated, 2 refused), seq, at, body, room. */
const char statement_vote[] =
    "WITH " NOW
    "cmd AS MATERIALIZED (SELECT c.*, l.seq AS old FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::uuid[],"
    " $5::boolean[]) WITH ORDINALITY AS c (room_id, question_id, participant_id, id, vote, n)"
    " LEFT JOIN command l ON l.room_id = c.room_id AND l.participant_id = c.participant_id AND l.id = c.id), "
    "judged AS MATERIALIZED (SELECT c.*, r.seq AS held, c.old IS NULL AND r.state = ANY ($6::session_state[])"
    " AND q.state = ANY ($7::question_state[]) AS fresh FROM cmd c LEFT JOIN room r ON r.id = c.room_id"
    " LEFT JOIN question q ON q.room_id = c.room_id AND q.id = c.question_id), "
    "once AS MATERIALIZED (SELECT DISTINCT ON (room_id, participant_id, id) * FROM judged WHERE fresh"
    " ORDER BY room_id, participant_id, id, n), "
    "last AS MATERIALIZED (SELECT DISTINCT ON (room_id, participant_id, question_id) * FROM once"
    " ORDER BY room_id, participant_id, question_id, n DESC), "
    "added AS (INSERT INTO vote (room_id, question_id, participant_id, at)"
    " SELECT room_id, question_id, participant_id, at FROM last, now_at WHERE vote"
    " ON CONFLICT DO NOTHING RETURNING room_id, question_id), "
    "taken AS (DELETE FROM vote v USING last l WHERE NOT l.vote AND v.room_id = l.room_id"
    " AND v.question_id = l.question_id AND v.participant_id = l.participant_id RETURNING v.room_id, v.question_id), "
    "delta AS (SELECT room_id, question_id, sum(d)::integer AS d FROM (SELECT room_id, question_id, 1 AS d FROM added"
    " UNION ALL SELECT room_id, question_id, -1 FROM taken) x GROUP BY 1, 2 HAVING sum(d) <> 0), "
    "counted AS (UPDATE question q SET votes = q.votes + d FROM delta WHERE q.room_id = delta.room_id"
    " AND q.id = delta.question_id RETURNING q.room_id, q.id, q.votes), "
    "told AS (SELECT room_id, '\\x91dd'::bytea || int4send((2 * count(*))::integer) || string_agg('\\xcf'::bytea"
    " || int8send(id) || '\\xce'::bytea || int4send(votes), ''::bytea ORDER BY id) AS body FROM counted"
    " GROUP BY room_id), "
    "bump AS (UPDATE room r SET seq = r.seq + 1 FROM told WHERE r.id = told.room_id RETURNING r.id, r.seq, body), "
    "logged AS (INSERT INTO room_event (room_id, seq, at, kind, body)"
    " SELECT id, seq, at, 'voted', body FROM bump, now_at), "
    "ledger AS (INSERT INTO command (participant_id, id, room_id, seq) SELECT o.participant_id, o.id, o.room_id,"
    " coalesce(b.seq, o.held) FROM once o LEFT JOIN bump b ON b.id = o.room_id) "
    "SELECT 0::bigint, 0, seq, " MS("at") ", body, id FROM bump, now_at UNION ALL "
    "SELECT j.n, CASE WHEN j.fresh THEN 0 WHEN j.old IS NOT NULL THEN 1 ELSE 2 END,"
    " coalesce(j.old, b.seq, j.held, 0), 0, NULL, j.room_id FROM judged j LEFT JOIN bump b ON b.id = j.room_id";

void mask_literal(const struct word_list *words, uint32_t mask, char *out, size_t size)
{
    size_t n = 0;
    out[n++] = '{';
    for (unsigned i = 0; i < words->count; i++) {
        if (!(mask & BIT(i)))
            continue;
        int wrote = snprintf(out + n, size - n, "%s%s", n > 1 ? "," : "", word_of(words, i));
        n += (size_t)wrote;
    }
    snprintf(out + n, size - n, "}");
}

void command_id_text(const struct command_id *id, char out[33])
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < sizeof(id->bytes); i++) {
        out[2 * i] = digits[id->bytes[i] >> 4];
        out[2 * i + 1] = digits[id->bytes[i] & 15];
    }
    out[32] = 0;
}

/* ---- parameters; a value that does not fit the arena leaves NULL and `failed` ---- */

struct filler {
    struct entry *entry;
    bool failed;
};

static void add(struct filler *f, const char *value, size_t n, int format)
{
    struct params *p = &f->entry->params;
    char *copy = arena_alloc(&f->entry->arena, n + 1);
    if (!copy) {
        f->failed = true;
        return;
    }
    if (n)
        memcpy(copy, value, n);
    p->values[p->count] = copy;
    p->lengths[p->count] = (int)n;
    p->formats[p->count++] = format;
}

static void add_text(struct filler *f, struct str s)
{
    add(f, s.p, s.n, 1);
}

static void add_word(struct filler *f, const char *word)
{
    add(f, word, strlen(word), 0);
}

static void add_number(struct filler *f, int64_t number)
{
    char text[24];
    add(f, text, (size_t)snprintf(text, sizeof(text), "%lld", (long long)number), 0);
}

static void add_flag(struct filler *f, bool flag)
{
    add_word(f, flag ? "t" : "f");
}

/* The states of the session in which the command may happen. A change of the state is judged by the state that the
 * database has, not by the one that the host saw. */
static uint32_t sessions_of(const struct store_command *c)
{
    uint32_t mask = command_rows[c->command->kind].sessions;
    if (c->event->kind != EVENT_STATE)
        return mask;
    for (unsigned from = 0; from < SESSION_COUNT; from++)
        if (!(session_steps[from] & BIT(c->event->state.state)))
            mask &= ~BIT(from);
    return mask;
}

static void add_common(struct filler *f, const struct store_command *c)
{
    char text[160];
    add_number(f, (int64_t)c->room_id);
    add_number(f, (int64_t)c->actor.participant);
    command_id_text(&c->command->id, text);
    add_word(f, text);
    add_number(f, (int64_t)c->actor.account);
    if (!c->actor.account && !f->failed)
        f->entry->params.values[3] = NULL;
    mask_literal(&word_list_session_state, sessions_of(c), text, sizeof(text));
    add_word(f, text);
    add_text(f, c->body);
    if (!f->failed)
        f->entry->body = (struct str){ f->entry->params.values[5], c->body.n };
}

static void add_question(struct filler *f, const struct store_command *c)
{
    enum command_kind kind = c->command->kind;
    char text[160];
    bool own = kind == COMMAND_EDIT || kind == COMMAND_WITHDRAW;
    mask_literal(&word_list_question_state, command_rows[kind].questions, text, sizeof(text));
    add_word(f, text);
    add_number(f, (int64_t)c->command->question);
    add_number(f, own ? (int64_t)c->actor.participant : 0);
}

static void add_moved(struct filler *f, const struct store_command *c)
{
    const struct room_event *e = c->event;
    add_question(f, c);
    add_word(f, word_of(&word_list_question_state, e->moved.state));
    add_word(f, word_of(&word_list_reason, e->moved.reason));
    add_text(f, e->moved.note);
    add_text(f, e->moved.text);
}

static void add_details(struct filler *f, const struct room_event *e)
{
    add_text(f, e->details.title);
    add_text(f, e->details.description);
    add_number(f, e->details.starts_at);
    add_number(f, e->details.ends_at);
    add_text(f, e->details.timezone);
}

static void add_feedback(struct filler *f, const struct feedback_record *said)
{
    add_number(f, said->stars);
    add_number(f, said->recommend);
    add_text(f, said->text);
    add_text(f, said->name);
}

static void add_special(struct filler *f, const struct store_command *c)
{
    const struct room_event *e = c->event;
    switch (e->kind) {
    case EVENT_ASKED:
        add_word(f, word_of(&word_list_question_state, e->asked.state));
        add_text(f, e->asked.text);
        add_text(f, e->asked.name);
        add_flag(f, e->asked.anonymous);
        break;
    case EVENT_EDITED:
        add_question(f, c);
        add_text(f, e->edited.text);
        break;
    case EVENT_MOVED:
        add_moved(f, c);
        break;
    case EVENT_REPLIED:
        add_question(f, c);
        add_word(f, word_of(&word_list_question_state, e->replied.state));
        add_text(f, e->replied.text);
        add_flag(f, e->replied.private);
        break;
    case EVENT_STATE:
        add_word(f, word_of(&word_list_session_state, e->state.state));
        break;
    case EVENT_POLICY:
        add_word(f, word_of(&word_list_policy, e->policy.policy));
        add_number(f, e->policy.value);
        break;
    case EVENT_DETAILS:
        add_details(f, e);
        break;
    case EVENT_FEEDBACK:
        add_feedback(f, &e->said);
        break;
    default:
        break;
    }
}

struct entry *entry_new(const struct store_command *command)
{
    struct entry *entry = calloc(1, sizeof(*entry));
    if (!entry)
        abort();
    arena_init(&entry->arena, 1024, 1 << 20);
    entry->ticket = command->ticket;
    entry->room_id = command->room_id;
    entry->participant = command->actor.participant;
    entry->id = command->command->id;
    entry->kind = command->event->kind;
    entry->submitted = clock_ms();
    if (entry->kind == EVENT_VOTED) {
        entry->question = command->command->vote.question;
        entry->on = command->command->vote.on;
        return entry;
    }
    struct filler filler = { entry, false };
    add_common(&filler, command);
    add_special(&filler, command);
    if (!filler.failed)
        return entry;
    entry_free(entry);
    return NULL;
}

void entry_free(struct entry *entry)
{
    arena_release(&entry->arena);
    free(entry);
}

static bool prepare(PGconn *conn, const char *name, const char *sql, const Oid *types, int count, char *error,
                    size_t size)
{
    PGresult *result = PQprepare(conn, name, sql, count, types);
    bool ok = PQresultStatus(result) == PGRES_COMMAND_OK;
    if (!ok)
        pg_describe(result, error, size);
    PQclear(result);
    return ok;
}

bool statements_prepare(PGconn *conn, char *error, size_t size)
{
    static const Oid types[6] = { 20, 20, 2950, 20, 0, 17 }; /* bigint, bigint, uuid, bigint, inferred, bytea */
    for (unsigned kind = 0; kind < EVENT_COUNT; kind++)
        if (statement_of_event[kind] && !prepare(conn, word_of(&word_list_event, kind), statement_of_event[kind], types,
                                                 6, error, size))
            return false;
    return prepare(conn, "lock", statement_lock, NULL, 0, error, size) &&
           prepare(conn, "voted", statement_vote, NULL, 0, error, size);
}
