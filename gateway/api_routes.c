/* api_routes.c - what each route of the JSON API does. Handlers run on a pool thread. */
#include "api.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include "lectern/text.h"
#include "throttle.h"

/* ---- events and sessions ---- */

static void get_events(struct db *db, struct api_job *job)
{
    api_query(db, job, DB_EVENT_LIST, NULL, 0);
}

static void post_events(struct db *db, struct api_job *job)
{
    const char *params[3];
    if ((params[0] = api_number(job, "organization", 1, INT64_MAX, false)) && (params[1] = api_line(job, "title", 1, 200, NULL)) &&
        (params[2] = api_text(job, "description", 0, 5000, "")))
        api_query(db, job, DB_EVENT_CREATE, params, 3);
}

static void get_event(struct db *db, struct api_job *job)
{
    const char *params[] = { job->params[0] };
    api_query(db, job, DB_EVENT_GET, params, 1);
}

/* What is not given stays as it is. */
static void patch_event(struct db *db, struct api_job *job)
{
    const char *params[3] = { job->params[0] };
    if (api_has(job, "title") && !(params[1] = api_line(job, "title", 1, 200, NULL)))
        return;
    if (api_has(job, "description") && !(params[2] = api_text(job, "description", 0, 5000, NULL)))
        return;
    if (api_query(db, job, DB_EVENT_UPDATE, params, 3))
        get_event(db, job);
}

/* The policies of the body as JSON text; NULL (and an answer) when one is unknown or out of its range. */
static char *policies_of(struct api_job *job)
{
    json_t *policies = json_object_get(job->body, "policies"), *value;
    const char *word;
    if (!policies || json_is_null(policies))
        return strdup("{}");
    if (!json_is_object(policies)) {
        api_bad_field(job, "policies", 0);
        return NULL;
    }
    json_object_foreach(policies, word, value) {
        int policy = word_value(&word_list_policy, str_of(word));
        int64_t number = json_integer_value(value);
        if (policy < 0 || !json_is_integer(value) || number < policy_rows[policy].low || number > policy_rows[policy].high) {
            api_bad_field(job, "policies", policy < 0 ? 0 : policy_rows[policy].high);
            return NULL;
        }
    }
    return json_dumps(policies, JSON_COMPACT);
}

/* An IANA name by its looks; the database then says whether it knows it. */
static bool is_zone(const char *name)
{
    static const char signs[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/";
    return isalpha((unsigned char)*name) && name[strspn(name, signs)] == '\0' &&
           (strchr(name, '/') || strcmp(name, "UTC") == 0);
}

static void post_session(struct db *db, struct api_job *job)
{
    const int64_t time_max = INT64_C(253402300799999);
    char code[LECTERN_CODE_LENGTH + 1];
    const char *params[8] = { job->params[0], code };
    if (!(params[2] = api_line(job, "title", 1, 200, NULL)) || !(params[3] = api_text(job, "description", 0, 5000, "")) ||
        !(params[4] = api_number(job, "starts_at", 1, time_max, true)) || !(params[5] = api_number(job, "ends_at", 1, time_max, true)) ||
        !(params[6] = api_line(job, "timezone", 1, 64, "UTC")))
        return;
    if (!is_zone(params[6])) {
        api_bad_field(job, "timezone", 0);
        return;
    }
    if (*params[4] && *params[5] && strtoll(params[5], NULL, 10) <= strtoll(params[4], NULL, 10)) {
        api_bad_field(job, "ends_at", 0);
        return;
    }
    char *policies = policies_of(job);
    params[7] = policies;
    bool made = false;
    for (int tries = 0; policies && tries < 5 && !made; tries++) { /* the code may be taken: once in a million */
        uint32_t random;
        auth_random(&random, sizeof random);
        text_code_make(random, code);
        made = api_query(db, job, DB_SESSION_CREATE, params, 8);
        if (!made && job->status != 409)
            break;
    }
    free(policies);
    if (!made)
        return;
    char id[24];
    snprintf(id, sizeof id, "%llu", (unsigned long long)api_answered_id(job));
    const char *of[] = { id };
    api_query(db, job, DB_SESSION_GET, of, 1);
}

static void get_session(struct db *db, struct api_job *job)
{
    const char *params[] = { job->params[0] };
    api_query(db, job, DB_SESSION_GET, params, 1);
}

/* A command of the wire, in JSON; what happens to it is in api.c. */
static void post_command(struct db *db, struct api_job *job)
{
    const char *params[] = { job->params[0] };
    struct client_message message;
    enum refusal refusal;
    if (!api_query(db, job, DB_SESSION_ROLE, params, 1))
        return;
    job->role = (uint8_t)word_value(&word_list_role, buf_str(&job->answer));
    char *text = json_dumps(job->body, JSON_COMPACT), *kept = text ? arena_alloc(&job->arena, strlen(text) + 1) : NULL;
    if (kept)
        memcpy(kept, text, strlen(text));
    int error = kept ? wire_decode_client(WIRE_JSON, str_of(kept), &job->arena, &message, &refusal) : LECTERN_EINVAL;
    free(text);
    if (error || message.kind != CLIENT_COMMAND) {
        api_error(job, 400, "malformed");
        return;
    }
    job->command = message.command;
    job->refusal = refusal;
    job->is_command = true;
    job->status = 200;
}

/* ---- role links ---- */

static void get_links(struct db *db, struct api_job *job)
{
    const char *params[] = { job->params[0] };
    api_query(db, job, DB_LINK_LIST, params, 1);
}

static void post_link(struct db *db, struct api_job *job)
{
    char token[AUTH_TOKEN_TEXT], hash[65], seconds[32];
    const char *role = api_line(job, "role", 1, 20, NULL), *label = role ? api_line(job, "label", 0, 100, "") : NULL;
    const char *days = label ? api_number(job, "days", 1, 3650, true) : NULL;
    if (!days)
        return;
    if (word_value(&word_list_role, str_of(role)) <= ROLE_ATTENDEE) {
        api_bad_field(job, "role", 0);
        return;
    }
    auth_token_make(token);
    auth_token_hash(str_of(token), hash);
    snprintf(seconds, sizeof seconds, "%lld", strtoll(days, NULL, 10) * 86400);
    const char *params[] = { job->params[0], role, label, hash, *days ? seconds : NULL };
    if (!api_query(db, job, DB_LINK_CREATE, params, 5))
        return;
    json_t *link = json_loadb((const char *)job->answer.data, job->answer.len, 0, NULL);
    json_object_set_new(link, "url", json_sprintf("%s/r/%s", job->base, token));
    char *text = json_dumps(link, JSON_COMPACT);
    if (!text)
        abort();
    buf_clear(&job->answer);
    buf_put_str(&job->answer, str_of(text));
    free(text);
    json_decref(link);
}

static void delete_link(struct db *db, struct api_job *job)
{
    const char *params[] = { job->params[0] };
    api_query(db, job, DB_LINK_REVOKE, params, 1);
}

/* ---- review, exports, joining ---- */

static void get_review(struct db *db, struct api_job *job)
{
    const char *params[] = { job->params[0] };
    api_query(db, job, DB_REVIEW, params, 1);
}

static void get_export(struct db *db, struct api_job *job)
{
    static const struct {
        const char *name;
        enum db_query query;
        bool csv;
    } kinds[] = {
        { "questions.csv", DB_EXPORT_QUESTIONS_CSV, true },   { "questions.json", DB_EXPORT_QUESTIONS_JSON, false },
        { "votes.csv", DB_EXPORT_VOTES_CSV, true },           { "votes.json", DB_EXPORT_VOTES_JSON, false },
        { "feedback.csv", DB_EXPORT_FEEDBACK_CSV, true },     { "feedback.json", DB_EXPORT_FEEDBACK_JSON, false },
        { "attendance.csv", DB_EXPORT_ATTENDANCE_CSV, true }, { "attendance.json", DB_EXPORT_ATTENDANCE_JSON, false },
    };
    const char *params[] = { job->params[0] };
    if (!api_query(db, job, DB_SESSION_ROLE, params, 1))
        return;
    for (size_t i = 0; i < LECTERN_COUNT(kinds); i++) {
        if (strcmp(kinds[i].name, job->params[1]) != 0)
            continue;
        job->is_export = true;
        job->export_query = kinds[i].query;
        job->export_csv = kinds[i].csv;
        snprintf(job->export_name, sizeof job->export_name, "session-%s-%s", job->params[0], kinds[i].name);
        return;
    }
    api_error(job, 404, "not_found");
}

static void get_join(struct db *db, struct api_job *job)
{
    char code[LECTERN_CODE_LENGTH + 1];
    const char *params[] = { code };
    struct throttle *throttle = job->worker->throttle;
    if (throttle_full(throttle, THROTTLE_CODE, "", job->address)) {
        api_error(job, 429, "too_many_tries");
    } else if (!text_code_read(str_of(job->params[0]), code)) {
        api_error(job, 404, "no_session");
    } else if (!api_query(db, job, DB_SESSION_BY_CODE, params, 1) && job->status == 404) {
        throttle_count(throttle, THROTTLE_CODE, "", job->address);
        api_error(job, 404, "no_session");
    }
}

const struct api_route api_routes[] = {
    { HTTP_GET, "me", API_LOGIN | API_QUICK, api_get_me },
    { HTTP_GET, "setup/:token", API_FREE, api_get_setup },
    { HTTP_POST, "setup", API_FREE, api_post_setup },
    { HTTP_POST, "sign-in", API_FREE, api_post_sign_in },
    { HTTP_POST, "sign-out", API_FREE, api_post_sign_out },
    { HTTP_POST, "sign-out-everywhere", API_LOGIN, api_post_sign_out_everywhere },
    { HTTP_POST, "password", API_LOGIN, api_post_password },
    { HTTP_GET, "events", API_LOGIN, get_events },
    { HTTP_POST, "events", API_LOGIN, post_events },
    { HTTP_GET, "events/:id", API_LOGIN, get_event },
    { HTTP_PATCH, "events/:id", API_LOGIN, patch_event },
    { HTTP_POST, "events/:id/sessions", API_LOGIN, post_session },
    { HTTP_GET, "sessions/:id", API_LOGIN, get_session },
    { HTTP_POST, "sessions/:id/commands", API_LOGIN, post_command },
    { HTTP_GET, "sessions/:id/links", API_LOGIN, get_links },
    { HTTP_POST, "sessions/:id/links", API_LOGIN, post_link },
    { HTTP_DELETE, "links/:id", API_LOGIN, delete_link },
    { HTTP_GET, "sessions/:id/review", API_LOGIN, get_review },
    { HTTP_GET, "sessions/:id/export/:file", API_LOGIN, get_export },
    { HTTP_GET, "join/:code", API_FREE | API_QUICK, get_join },
};
const size_t api_route_count = LECTERN_COUNT(api_routes);
