/* api.h - the inside of the JSON API, shared by api.c (finding the route, who asks), api_answer.c (answers, fields)
 * and api_routes.c, api_accounts.c (what each route does). */
#ifndef GATEWAY_API_H
#define GATEWAY_API_H

#include <jansson.h>
#include <pthread.h>

#include "hub.h"
#include "http.h"
#include "pool.h"
#include "worker.h"

#define API_PARAMS 2
#define API_LOGIN 1u /* somebody must be signed in */
#define API_FREE 2u  /* no rights at all are needed */
#define API_QUICK 4u /* one short query: not behind exports and passwords */

/* One request on its way through a pool thread and back. */
struct api_job {
    struct http_exchange *exchange;
    struct worker *worker;
    const struct api_route *route;
    char *params[API_PARAMS]; /* of the path */
    struct identity identity;
    uint64_t account;
    char *base; /* scheme://host, for links */
    char *address, *user_agent;
    json_t *body;
    int status;        /* set by the handler */
    struct buf answer; /* JSON */
    char cookie[256];  /* Set-Cookie, when not empty */
    struct arena arena; /* of a room command */
    struct command command;
    enum refusal refusal; /* of the codec */
    uint8_t role;
    bool is_command, is_export;
    pthread_mutex_t began; /* held until the head of an export is under way */
    enum db_query export_query;
    char export_name[64];
    bool export_csv;
};

struct api_route {
    enum http_method method;
    const char *pattern; /* after /api/v1/; :name is a parameter */
    unsigned flags;
    void (*run)(struct db *db, struct api_job *job); /* on a pool thread */
};
extern const struct api_route api_routes[];
extern const size_t api_route_count;

/* Answers, for handlers. */
void api_error(struct api_job *job, int status, const char *word);
void api_bad_field(struct api_job *job, const char *field, int64_t limit);
/* Run a query and answer with its text, or with the error it gave. true when there is a row. */
bool api_query(struct db *db, struct api_job *job, enum db_query query, const char *const *params, size_t count);

uint64_t api_answered_id(struct api_job *job); /* "id" of the row that api_query has just answered with */

/* A text field of the body: valid, trimmed, min to max code points; NULL (and an answer) when it is not. `fallback` when it
 * is missing and not NULL. Lives as long as the job. */
const char *api_text(struct api_job *job, const char *name, size_t min, size_t max, const char *fallback);
const char *api_line(struct api_job *job, const char *name, size_t min, size_t max, const char *fallback); /* without breaks */
bool api_has(const struct api_job *job, const char *name); /* present, and not null */
/* An integer field as text ("" when null or missing and optional); NULL (and an answer) when it is not. */
const char *api_number(struct api_job *job, const char *name, int64_t min, int64_t max, bool optional);

/* api_accounts.c */
void api_get_me(struct db *db, struct api_job *job);
void api_get_setup(struct db *db, struct api_job *job);
void api_post_setup(struct db *db, struct api_job *job);
void api_post_sign_in(struct db *db, struct api_job *job);
void api_post_sign_out(struct db *db, struct api_job *job);
void api_post_sign_out_everywhere(struct db *db, struct api_job *job);
void api_post_password(struct db *db, struct api_job *job);

#endif
