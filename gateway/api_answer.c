/* api_answer.c - what handlers answer with, and the fields of the body that they read. */
#include "api.h"

#include <stdio.h>

#include "lectern/text.h"
#include "log.h"

void api_error(struct api_job *job, int status, const char *word)
{
    job->status = status;
    buf_clear(&job->answer);
    buf_printf(&job->answer, "{\"error\":\"%s\"}", word);
}

void api_bad_field(struct api_job *job, const char *field, int64_t limit)
{
    job->status = 400;
    buf_clear(&job->answer);
    buf_printf(&job->answer, "{\"error\":\"bad_value\",\"field\":\"%s\",\"detail\":%lld}", field, (long long)limit);
}

/* Values that only the database can judge: by the constraint, or the SQLSTATE at the start of the message. */
static void answer_constraint(struct api_job *job, const char *name)
{
    static const struct {
        const char *name, *field;
    } rows[] = {
        { "account_email", "email" }, { "account_email_check", "email" },
        { "session_check", "ends_at" }, { "sqlstate 22023", "timezone" },
    };
    for (size_t i = 0; i < LECTERN_COUNT(rows); i++) {
        if (strncmp(name, rows[i].name, strlen(rows[i].name)) == 0) {
            api_bad_field(job, rows[i].field, 0);
            return;
        }
    }
    api_error(job, 409, "conflict");
}

bool api_query(struct db *db, struct api_job *job, enum db_query query, const char *const *params, size_t count)
{
    buf_clear(&job->answer);
    int error = db_call(db, query, job->account, params, count, &job->answer);
    if (error == LECTERN_OK && !job->answer.failed) {
        job->status = 200;
        return true;
    }
    if (error == LECTERN_ENOTFOUND)
        api_error(job, 404, "not_found");
    else if (error == LECTERN_EINVAL)
        answer_constraint(job, db_error(db));
    else
        api_error(job, 503, "unavailable");
    if (error != LECTERN_ENOTFOUND)
        log_line(LOG_WARN, "query failed", "query=%d error=\"%s\"", (int)query, db_error(db));
    return false;
}

bool api_has(const struct api_job *job, const char *name)
{
    json_t *value = json_object_get(job->body, name);
    return value && !json_is_null(value);
}

const char *api_line(struct api_job *job, const char *name, size_t min, size_t max, const char *fallback)
{
    const char *text = api_text(job, name, min, max, fallback);
    if (!text || text_is_line(str_of(text)))
        return text;
    api_bad_field(job, name, 0);
    return NULL;
}

const char *api_text(struct api_job *job, const char *name, size_t min, size_t max, const char *fallback)
{
    json_t *value = json_object_get(job->body, name);
    if ((!value || json_is_null(value)) && fallback)
        return fallback;
    struct str text = { json_string_value(value), json_string_length(value) };
    if (!json_is_string(value) || !text_is_valid(text)) {
        api_bad_field(job, name, (int64_t)max);
        return NULL;
    }
    text = text_trim(text);
    size_t length = text_length(text);
    char *copy = length >= min && length <= max ? arena_alloc(&job->arena, text.n + 1) : NULL;
    if (!copy) {
        api_bad_field(job, name, (int64_t)max);
        return NULL;
    }
    memcpy(copy, text.p, text.n);
    return copy;
}

const char *api_number(struct api_job *job, const char *name, int64_t min, int64_t max, bool optional)
{
    json_t *value = json_object_get(job->body, name);
    if ((!value || json_is_null(value)) && optional)
        return "";
    int64_t number = json_integer_value(value);
    char *text = json_is_integer(value) && number >= min && number <= max ? arena_alloc(&job->arena, 24) : NULL;
    if (!text) {
        api_bad_field(job, name, max);
        return NULL;
    }
    snprintf(text, 24, "%lld", (long long)number);
    return text;
}

uint64_t api_answered_id(struct api_job *job)
{
    json_t *row = json_loadb((const char *)job->answer.data, job->answer.len, 0, NULL);
    uint64_t id = (uint64_t)json_integer_value(json_object_get(row, "id"));
    json_decref(row);
    return id;
}
