/* people.c - who the arriving people are, looked up in batches: while one job runs the next ones gather.
 *
 * A join storm of any size costs a handful of queries: one per login cookie that is shown, and db_people's few for
 * everybody together.
 */
#include "hub_internal.h"

#include <stdlib.h>

struct ask {
    uint64_t conn;
    struct identity identity;
};

struct people_job {
    struct people *people;
    struct ask *asks;
    struct person *persons;
    struct person_answer *answers;
    size_t count, capacity;
    struct arena arena;
    int error;
};

struct people {
    struct hub *hub;
    struct worker *worker;
    struct people_job *gathering;
    bool running, closed;
};

static void *must(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

static struct people_job *job_new(struct people *people)
{
    struct people_job *job = must(calloc(1, sizeof *job));
    job->people = people;
    arena_init(&job->arena, 65536, 64u << 20);
    return job;
}

static void job_free(struct people_job *job)
{
    arena_release(&job->arena);
    free(job->asks);
    free(job->persons);
    free(job->answers);
    free(job);
}

struct people *people_open(struct hub *hub)
{
    struct people *people = must(calloc(1, sizeof *people));
    people->hub = hub;
    people->worker = hub->worker;
    people->gathering = job_new(people);
    return people;
}

void people_close(struct people *people)
{
    job_free(people->gathering);
    people->gathering = NULL;
    people->closed = true;
    if (!people->running)
        free(people);
}

/* The account of a login cookie, 0 when it is not (or no longer) valid. */
static int find_account(struct db *db, const char *hash, uint64_t *out)
{
    struct buf text;
    const char *params[] = { hash };
    buf_init(&text, 64);
    int error = db_call(db, DB_LOGIN_ACCOUNT, 0, params, 1, &text);
    buf_put_byte(&text, '\0');
    *out = error == LECTERN_OK && !text.failed ? strtoull((const char *)text.data, NULL, 10) : 0;
    buf_release(&text);
    return error == LECTERN_EAWAY ? error : LECTERN_OK;
}

static void run(struct db *db, void *arg)
{
    struct people_job *job = arg;
    for (size_t i = 0; i < job->count && !job->error; i++) {
        struct ask *ask = &job->asks[i];
        struct person *person = &job->persons[i];
        if (ask->identity.has_login)
            job->error = find_account(db, ask->identity.login_hash, &person->account);
        person->participant = auth_participant(&job->people->worker->auth, &ask->identity, person->account, person->room_id);
        person->link = ask->identity.link;
    }
    job->answers = must(calloc(job->count, sizeof *job->answers));
    if (!job->error)
        job->error = db_people(db, job->persons, job->count, &job->arena, job->answers);
}

static void start(struct people *people);

static void done(void *arg, bool cancelled)
{
    struct people_job *job = arg;
    struct people *people = job->people;
    people->running = false;
    for (size_t i = 0; !people->closed && !cancelled && i < job->count; i++) {
        struct conn *conn = conn_find(people->worker, job->asks[i].conn);
        if (!conn || !conn->member || conn->closing)
            continue;
        if (job->error)
            conn_close(conn, CLOSE_UNAVAILABLE);
        else
            hub_person_known(conn, job->persons[i].account, job->persons[i].participant, &job->answers[i]);
    }
    job_free(job);
    if (people->closed)
        free(people);
    else
        start(people);
}

static void start(struct people *people)
{
    if (people->running || people->gathering->count == 0)
        return;
    struct people_job *job = people->gathering;
    people->gathering = job_new(people);
    people->running = true;
    if (pool_submit(people->worker->pool, POOL_QUICK, run, done, job) != 0) {
        job->error = LECTERN_EAWAY;
        done(job, false);
    }
}

void people_ask(struct people *people, const struct hub_member *member)
{
    struct people_job *job = people->gathering;
    if (job->count == job->capacity) {
        job->capacity = job->capacity ? job->capacity * 2 : 64;
        job->asks = must(realloc(job->asks, job->capacity * sizeof *job->asks));
        job->persons = must(realloc(job->persons, job->capacity * sizeof *job->persons));
    }
    job->asks[job->count] = (struct ask){ member->conn->id, member->identity };
    job->persons[job->count++] = (struct person){ .room_id = member->room->id, .attends = member->page != PAGE_STAGE };
    start(people);
}
