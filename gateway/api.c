/* api.c - the JSON API under /api/v1: finding the route, who is asking, and the way through a pool thread and back.
 *
 * A handler (api_routes.c) runs on a pool thread with a database connection and leaves a status and a JSON text. Requests
 * that change something need a header that other sites cannot send, the type application/json, and a page of our own.
 */
#include "api.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "log.h"
#include "origin.h"

#define ANSWER_MAX (64u << 20) /* the review of a room that is full */

extern const char openapi_json[];

/* ---- a job's way ---- */

static void job_free(struct api_job *job)
{
    for (int i = 0; i < API_PARAMS; i++)
        free(job->params[i]);
    free(job->base);
    free(job->address);
    free(job->user_agent);
    json_decref(job->body);
    buf_release(&job->answer);
    arena_release(&job->arena);
    pthread_mutex_destroy(&job->began);
    free(job);
}

static void respond(struct api_job *job)
{
    http_header(job->exchange, "cache-control", "no-store");
    if (job->cookie[0])
        http_header(job->exchange, "set-cookie", job->cookie);
    http_respond(job->exchange, job->status, "application/json", buf_str(&job->answer));
    job_free(job);
}

static void command_done(void *arg, const struct hub_answer *answer)
{
    struct api_job *job = arg;
    struct server_message message = { .kind = SERVER_ACK, .ack = { job->command.id, answer->seq } };
    if (answer->refusal != REFUSAL_NONE) {
        message.kind = SERVER_REFUSED;
        message.refused.id = job->command.id;
        message.refused.refusal = (uint8_t)answer->refusal;
        message.refused.detail = answer->detail;
    }
    buf_clear(&job->answer);
    wire_encode_server(&job->answer, WIRE_JSON, &message);
    job->status = answer->refusal == REFUSAL_NONE ? 200 : answer->refusal == REFUSAL_UNAVAILABLE ? 503 : 409;
    respond(job);
}

static bool export_chunk(void *arg, struct str chunk)
{
    return http_stream_write(arg, chunk);
}

static void run_export(struct db *db, void *arg)
{
    struct api_job *job = arg;
    const char *params[] = { job->params[0] };
    pthread_mutex_lock(&job->began);
    pthread_mutex_unlock(&job->began);
    int error = db_stream(db, job->export_query, job->account, params, 1, export_chunk, job->exchange);
    if (error) {
        /* the head has gone out: JSON is visibly unfinished, CSV has to say so */
        log_line(LOG_WARN, "export ended early", "query=%d error=\"%s\"", (int)job->export_query, db_error(db));
        if (job->export_csv)
            http_stream_write(job->exchange, STR("\"This export is incomplete: please try again.\"\r\n"));
    }
    http_stream_end(job->exchange);
}

static void export_done(void *arg, bool cancelled)
{
    struct api_job *job = arg;
    if (cancelled)
        http_stream_end(job->exchange);
    job_free(job);
}

/* The thread may start at once, but the head goes first; and a pool without room is still an ordinary answer. */
static void start_export(struct api_job *job)
{
    char disposition[128];
    pthread_mutex_lock(&job->began);
    if (pool_submit(job->worker->pool, POOL_SLOW, run_export, export_done, job) != 0) {
        pthread_mutex_unlock(&job->began);
        api_error(job, 503, "unavailable");
        respond(job);
        return;
    }
    snprintf(disposition, sizeof disposition, "attachment; filename=\"%s\"", job->export_name);
    http_header(job->exchange, "content-disposition", disposition);
    http_header(job->exchange, "cache-control", "no-store");
    http_stream_begin(job->exchange, 200, job->export_csv ? "text/csv; charset=utf-8" : "application/json");
    pthread_mutex_unlock(&job->began);
}

static void done(void *arg, bool cancelled)
{
    struct api_job *job = arg;
    if (cancelled)
        api_error(job, 503, "unavailable");
    if (!cancelled && job->status == 200 && job->is_command && job->refusal != REFUSAL_NONE) {
        command_done(job, &(struct hub_answer){ .refusal = job->refusal });
    } else if (!cancelled && job->status == 200 && job->is_export) {
        start_export(job);
    } else if (!cancelled && job->status == 200 && job->is_command) {
        uint64_t room = strtoull(job->params[0], NULL, 10);
        struct actor_ref actor = { auth_participant(&job->worker->auth, &job->identity, job->account, room), job->account, job->role };
        hub_submit(job->worker, room, &actor, &job->command, command_done, job);
    } else {
        respond(job);
    }
}

static void run(struct db *db, void *arg)
{
    struct api_job *job = arg;
    if (job->identity.has_login) {
        const char *params[] = { job->identity.login_hash };
        int error = db_call(db, DB_LOGIN_ACCOUNT, 0, params, 1, &job->answer);
        if (error == LECTERN_OK) {
            buf_put_byte(&job->answer, '\0');
            job->account = strtoull((const char *)job->answer.data, NULL, 10);
        } else if (error == LECTERN_EAWAY) { /* nobody is signed out because the database is away */
            api_error(job, 503, "unavailable");
            return;
        }
        buf_clear(&job->answer);
    }
    if ((job->route->flags & API_LOGIN) && !job->account)
        api_error(job, 401, "sign_in");
    else
        job->route->run(db, job);
}

/* ---- routing ---- */

static bool is_id(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return s.n > 0 && s.n <= 18;
}

static bool match(const char *pattern, struct str path, struct str params[API_PARAMS])
{
    size_t i = 0, count = 0;
    while (*pattern) {
        if (*pattern != ':') {
            if (i >= path.n || path.p[i] != *pattern)
                return false;
            i++, pattern++;
            continue;
        }
        bool number = pattern[1] == 'i'; /* :id */
        size_t start = i;
        while (i < path.n && path.p[i] != '/' && (!number || (path.p[i] >= '0' && path.p[i] <= '9')))
            i++;
        if (i == start || i - start > (number ? 15 : 100))
            return false;
        struct str value = { path.p + start, i - start };
        if (memchr(value.p, '\0', value.n) || (strncmp(pattern, ":id", 3) == 0 && !is_id(value)))
            return false;
        params[count++] = value;
        while (*pattern && *pattern != '/')
            pattern++;
    }
    return i == path.n;
}

static char *copy(struct str s)
{
    char *text = strndup(s.p ? s.p : "", s.n);
    if (!text)
        abort();
    return text;
}

/* scheme://host of the request itself. */
static char *own_origin(const struct http_request *request)
{
    struct buf base;
    size_t n;
    buf_init(&base, 4096);
    buf_printf(&base, "%s://%.*s", request->secure ? "https" : "http", (int)request->host.n, request->host.p);
    buf_put_byte(&base, '\0');
    char *origin = (char *)buf_take(&base, &n);
    return origin ? origin : copy(STR(""));
}

/* public_url without a slash at its end; empty when it is not set. */
static struct str public_origin(const struct worker *worker)
{
    struct str own = str_of(worker->config->public_url);
    while (own.n && own.p[own.n - 1] == '/')
        own.n--;
    return own;
}

static char *base_of(const struct worker *worker, const struct http_request *request)
{
    struct str own = public_origin(worker);
    return own.n ? copy(own) : own_origin(request);
}

/* application/json, with or without parameters. */
static bool is_json(struct str type)
{
    static const struct str json = { "application/json", 16 };
    return type.n >= json.n && strncasecmp(type.p, json.p, json.n) == 0 &&
           (type.n == json.n || type.p[json.n] == ';' || type.p[json.n] == ' ');
}

static bool is_reading(enum http_method method)
{
    return method == HTTP_GET || method == HTTP_HEAD;
}

/* Everything that can be judged without the database. NULL, or the error's word. */
static const char *judge(struct api_job *job, const struct http_request *request)
{
    if (is_reading(request->method))
        return NULL;
    bool foreign = request->origin.n && !origin_is_ours(job->worker->config, request->secure, request->host, request->origin);
    if (request->csrf.n == 0 || foreign)
        return "forbidden";
    if (request->body.n == 0 && !request->content_type.n)
        return NULL; /* a missing field is found by whoever asks for it */
    if (!is_json(request->content_type))
        return "forbidden";
    json_error_t error;
    job->body = json_loadb(request->body.p, request->body.n, JSON_REJECT_DUPLICATES, &error);
    return job->body ? NULL : "malformed";
}

static void start(struct http_exchange *exchange, const struct api_route *route, const struct str params[API_PARAMS])
{
    const struct http_request *request = http_request(exchange);
    struct api_job *job = calloc(1, sizeof *job);
    if (!job)
        abort();
    job->exchange = exchange;
    job->worker = http_worker(exchange);
    job->route = route;
    job->base = base_of(job->worker, request);
    job->address = copy(request->address);
    job->user_agent = copy(request->user_agent);
    for (int i = 0; i < API_PARAMS; i++)
        job->params[i] = copy(params[i]);
    pthread_mutex_init(&job->began, NULL);
    buf_init(&job->answer, ANSWER_MAX);
    arena_init(&job->arena, 4096, 1u << 20);
    auth_identify(&job->worker->auth, request->cookie, (struct str){ 0 }, 0, &job->identity);
    const char *wrong = judge(job, request);
    if (wrong) {
        api_error(job, strcmp(wrong, "forbidden") == 0 ? 403 : 400, wrong);
        respond(job);
    } else if (pool_submit(job->worker->pool, route->flags & API_QUICK ? POOL_QUICK : POOL_SLOW, run, done, job) != 0) {
        done(job, true);
    }
}

/* ---- role links ---- */

struct link_job {
    struct http_exchange *exchange;
    struct worker *worker;
    char hash[65];
    struct buf answer;
    int error;
};

static void run_link(struct db *db, void *arg)
{
    struct link_job *job = arg;
    const char *params[] = { job->hash };
    job->error = db_call(db, DB_LINK_BY_TOKEN, 0, params, 1, &job->answer);
}

static void link_done(void *arg, bool cancelled)
{
    static const struct str sorry = { "<!doctype html><meta charset=utf-8><title>Lectern</title><p>This link is not valid, or no longer."
                                      "<p lang=zh-CN>\xe6\xad\xa4\xe9\x93\xbe\xe6\x8e\xa5\xe6\x97\xa0\xe6\x95\x88\xe6\x88\x96\xe5\xb7\xb2\xe5\xa4\xb1\xe6\x95\x88\xe3\x80\x82", 0 };
    struct link_job *job = arg;
    json_t *link = job->error || cancelled ? NULL : json_loadb((const char *)job->answer.data, job->answer.len, 0, NULL);
    if (link) {
        const char *role = json_string_value(json_object_get(link, "role"));
        char location[64];
        struct buf cookie;
        buf_init(&cookie, 512);
        auth_cookie_grant(&job->worker->auth, (uint64_t)json_integer_value(json_object_get(link, "session")),
                          (uint64_t)json_integer_value(json_object_get(link, "id")), &cookie);
        buf_put_byte(&cookie, '\0');
        snprintf(location, sizeof location, "/s/%s/%s", json_string_value(json_object_get(link, "code")),
                 strcmp(role, "speaker") == 0 ? "speaker" : "host");
        http_header(job->exchange, "set-cookie", (const char *)cookie.data);
        http_header(job->exchange, "location", location);
        http_header(job->exchange, "cache-control", "no-store");
        http_respond(job->exchange, 303, "text/plain", STR(""));
        buf_release(&cookie);
        json_decref(link);
    } else {
        http_header(job->exchange, "cache-control", "no-store");
        http_respond(job->exchange, job->error == LECTERN_EAWAY || cancelled ? 503 : 404, "text/html; charset=utf-8", str_of(sorry.p));
    }
    buf_release(&job->answer);
    free(job);
}

static void open_link(struct http_exchange *exchange, struct str token)
{
    struct link_job *job = calloc(1, sizeof *job);
    if (!job)
        abort();
    job->exchange = exchange;
    job->worker = http_worker(exchange);
    buf_init(&job->answer, 4096);
    auth_token_hash(token, job->hash);
    if (pool_submit(job->worker->pool, POOL_QUICK, run_link, link_done, job) != 0)
        link_done(job, true);
}

static const char *const method_names[] = {
    [HTTP_GET] = "GET, HEAD", [HTTP_POST] = "POST", [HTTP_PATCH] = "PATCH", [HTTP_DELETE] = "DELETE",
};

bool api_dispatch(struct http_exchange *exchange)
{
    const struct http_request *request = http_request(exchange);
    struct str path = request->path;
    if (is_reading(request->method) && path.n > 3 && memcmp(path.p, "/r/", 3) == 0) {
        open_link(exchange, (struct str){ path.p + 3, path.n - 3 });
        return true;
    }
    if (path.n < 8 || memcmp(path.p, "/api/v1/", 8) != 0)
        return false;
    path = (struct str){ path.p + 8, path.n - 8 };
    if (is_reading(request->method) && str_equal(path, STR("openapi.json"))) {
        http_respond_static(exchange, 200, "application/json", str_of(openapi_json));
        return true;
    }
    struct buf allow;
    buf_init(&allow, 256);
    for (size_t i = 0; i < api_route_count; i++) {
        struct str params[API_PARAMS] = { 0 };
        if (!match(api_routes[i].pattern, path, params))
            continue;
        buf_printf(&allow, "%s%s", allow.len ? ", " : "", method_names[api_routes[i].method]);
        if (api_routes[i].method == (request->method == HTTP_HEAD ? HTTP_GET : request->method)) {
            buf_release(&allow);
            start(exchange, &api_routes[i], params);
            return true;
        }
    }
    if (allow.len) {
        buf_put_byte(&allow, 0);
        http_header(exchange, "allow", (const char *)allow.data);
        http_respond(exchange, 405, "application/json", STR("{\"error\":\"method_not_allowed\"}"));
    } else {
        http_respond(exchange, 404, "application/json", STR("{\"error\":\"not_found\"}"));
    }
    buf_release(&allow);
    return true;
}
