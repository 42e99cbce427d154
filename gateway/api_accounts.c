/* api_accounts.c - signing in and out, the first account, the password. Handlers run on a pool thread. */
#include "api.h"

#include <stdio.h>
#include <stdlib.h>

#include "lectern/text.h"
#include "throttle.h"

#define PASSWORD_MIN 8
#define PASSWORD_MAX 256

void api_get_me(struct db *db, struct api_job *job)
{
    api_query(db, job, DB_ACCOUNT_ME, NULL, 0);
}

static bool setup_token_valid(struct db *db, struct api_job *job, const char *token)
{
    char hash[65];
    const char *params[] = { hash };
    auth_token_hash(str_of(token), hash);
    return api_query(db, job, DB_SETUP_TOKEN_CHECK, params, 1);
}

void api_get_setup(struct db *db, struct api_job *job)
{
    if (!setup_token_valid(db, job, job->params[0]))
        return;
    buf_clear(&job->answer);
    buf_put_str(&job->answer, STR("{\"valid\":true}"));
}

/* Password fields are not trimmed: what was typed is the password. */
static struct str password_of(struct api_job *job, const char *name, size_t min)
{
    json_t *value = json_object_get(job->body, name);
    struct str text = { json_string_value(value), json_string_length(value) };
    if (!json_is_string(value) || text.n > PASSWORD_MAX * 4 || text_length(text) < min) {
        api_bad_field(job, name, (int64_t)min);
        return (struct str){ 0 };
    }
    return text;
}

static bool sign_in_as(struct db *db, struct api_job *job, uint64_t account)
{
    char token[AUTH_TOKEN_TEXT], hash[65], seconds[24];
    struct buf cookie;
    auth_token_make(token);
    auth_token_hash(str_of(token), hash);
    snprintf(seconds, sizeof seconds, "%lld", (long long)job->worker->config->login_days * 86400);
    const char *params[] = { hash, job->user_agent, seconds };
    job->account = account;
    if (!api_query(db, job, DB_LOGIN_CREATE, params, 3))
        return false;
    buf_init(&cookie, sizeof job->cookie - 1);
    auth_cookie_login(&job->worker->auth, token, (int)job->worker->config->login_days, &cookie);
    memcpy(job->cookie, cookie.data, cookie.len);
    job->cookie[cookie.len] = '\0';
    buf_release(&cookie);
    return api_query(db, job, DB_ACCOUNT_ME, NULL, 0);
}

static void end_cookie(struct api_job *job)
{
    struct buf cookie;
    buf_init(&cookie, sizeof job->cookie - 1);
    auth_cookie_login(&job->worker->auth, "", 0, &cookie);
    memcpy(job->cookie, cookie.data, cookie.len);
    job->cookie[cookie.len] = '\0';
    buf_release(&cookie);
    buf_clear(&job->answer);
    buf_put_str(&job->answer, STR("{}"));
    job->status = 200;
}

void api_post_setup(struct db *db, struct api_job *job)
{
    const char *token = api_line(job, "token", 1, 100, NULL), *name, *email, *organization;
    char hash[160], token_hash[65];
    if (!token || !setup_token_valid(db, job, token))
        return;
    if (!(name = api_line(job, "name", 1, 100, NULL)) || !(email = api_line(job, "email", 3, 254, NULL)) ||
        !(organization = api_line(job, "organization", 1, 200, NULL)))
        return;
    struct str password = password_of(job, "password", PASSWORD_MIN);
    if (!password.p)
        return;
    if (!auth_password_hash(password, hash)) {
        api_error(job, 503, "unavailable");
        return;
    }
    auth_token_hash(str_of(token), token_hash);
    const char *params[] = { token_hash, email, name, hash, organization };
    if (api_query(db, job, DB_SETUP, params, 5))
        sign_in_as(db, job, api_answered_id(job));
}

static bool may_try(struct throttle *throttle, const char *email, const char *address)
{
    return !throttle_full(throttle, THROTTLE_MAIL_HERE, email, address) && !throttle_full(throttle, THROTTLE_MAIL, email, "") &&
           !throttle_full(throttle, THROTTLE_ADDRESS, "", address);
}

static void tried_in_vain(struct throttle *throttle, const char *email, const char *address)
{
    throttle_count(throttle, THROTTLE_MAIL_HERE, email, address);
    throttle_count(throttle, THROTTLE_MAIL, email, "");
    throttle_count(throttle, THROTTLE_ADDRESS, "", address);
}

/* The same answer after the same time whether the account exists, is disabled, or the password is wrong. */
void api_post_sign_in(struct db *db, struct api_job *job)
{
    const char *email = api_line(job, "email", 1, 254, NULL);
    struct str password = email ? password_of(job, "password", 1) : (struct str){ 0 };
    if (!email || !password.p)
        return;
    if (!may_try(job->worker->throttle, email, job->address)) {
        api_error(job, 429, "too_many_tries");
        return;
    }
    const char *params[] = { email };
    json_t *row = NULL;
    if (api_query(db, job, DB_ACCOUNT_BY_EMAIL, params, 1))
        row = json_loadb((const char *)job->answer.data, job->answer.len, 0, NULL);
    else if (job->status != 404)
        return;
    bool usable = row && !json_is_true(json_object_get(row, "disabled"));
    bool right = auth_password_check(password, usable ? json_string_value(json_object_get(row, "password_hash")) : NULL);
    if (right) {
        sign_in_as(db, job, (uint64_t)json_integer_value(json_object_get(row, "id")));
    } else {
        tried_in_vain(job->worker->throttle, email, job->address);
        api_error(job, 401, "wrong_password");
    }
    json_decref(row);
}

void api_post_sign_out(struct db *db, struct api_job *job)
{
    const char *params[] = { job->identity.login_hash };
    if (job->identity.has_login && !api_query(db, job, DB_LOGIN_END, params, 1) && job->status != 404)
        return;
    end_cookie(job);
}

void api_post_sign_out_everywhere(struct db *db, struct api_job *job)
{
    if (api_query(db, job, DB_LOGIN_END_ALL, NULL, 0))
        end_cookie(job);
}

void api_post_password(struct db *db, struct api_job *job)
{
    char hash[160];
    struct str current = password_of(job, "current", 1);
    struct str password = current.p ? password_of(job, "password", PASSWORD_MIN) : (struct str){ 0 };
    if (!password.p)
        return;
    char account[24];
    snprintf(account, sizeof account, "%llu", (unsigned long long)job->account);
    if (throttle_full(job->worker->throttle, THROTTLE_PASSWORD, account, "")) {
        api_error(job, 429, "too_many_tries");
        return;
    }
    if (!api_query(db, job, DB_ACCOUNT_PASSWORD, NULL, 0))
        return;
    buf_put_byte(&job->answer, '\0');
    if (!auth_password_check(current, (const char *)job->answer.data)) {
        throttle_count(job->worker->throttle, THROTTLE_PASSWORD, account, "");
        api_error(job, 403, "wrong_password");
        return;
    }
    const char *params[] = { hash, job->identity.login_hash };
    if (!auth_password_hash(password, hash))
        api_error(job, 503, "unavailable");
    else if (api_query(db, job, DB_ACCOUNT_SET_PASSWORD, params, 2)) {
        buf_clear(&job->answer);
        buf_put_str(&job->answer, STR("{}"));
    }
}
