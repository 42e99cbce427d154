/* master.c - forks the workers before there is any thread or connection, restarts what dies, passes signals on.
 *
 * All signals are blocked and taken one by one with sigtimedwait, so there is no handler and no race: the master is a
 * loop over "what happened" and "whose time has come".
 */
#include "master.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "log.h"
#include "metrics.h"
#include "worker.h"

#define BACKOFF_MIN_MS 100
#define BACKOFF_MAX_MS 5000
#define HEALTHY_MS 10000 /* a worker that lived this long starts again without delay */
#define ROLL_PAUSE_MS 1000
#define GRACE_MS 5000

struct child {
    pid_t pid; /* 0: not running */
    int64_t started, start_at;
    int backoff_ms;
    bool replacing; /* ends because it is to be replaced */
};

struct master {
    const struct config *config;
    struct metrics *metrics;
    int count;
    struct child *children;
    bool stopping;
    int64_t kill_at;
    int rolling; /* the next worker to be replaced; count: none */
    int64_t roll_at;
    sigset_t signals;
};

static int64_t ticks(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void start_child(struct master *master, int index)
{
    struct child *child = &master->children[index];
    pid_t parent = getpid(), pid = fork();
    if (pid < 0) {
        log_line(LOG_ERROR, "cannot fork a worker", "index=%d error=%s", index, strerror(errno));
        child->start_at = ticks() + BACKOFF_MAX_MS;
        return;
    }
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        if (getppid() != parent)
            _exit(1); /* the master died before the line above */
        int status = worker_run(master->config, master->metrics, index);
        free(master->children);
        exit(status);
    }
    *child = (struct child){ .pid = pid, .started = ticks(), .backoff_ms = child->backoff_ms };
}

static void child_ended(struct master *master, int index, int status)
{
    struct child *child = &master->children[index];
    int64_t now = ticks();
    child->pid = 0;
    metrics_forget(master->metrics, index);
    if (master->stopping)
        return;
    if (child->replacing) {
        child->replacing = false;
        child->start_at = now;
        return;
    }
    if (now - child->started >= HEALTHY_MS)
        child->backoff_ms = 0;
    child->backoff_ms = child->backoff_ms ? child->backoff_ms * 2 : BACKOFF_MIN_MS;
    if (child->backoff_ms > BACKOFF_MAX_MS)
        child->backoff_ms = BACKOFF_MAX_MS;
    child->start_at = now + child->backoff_ms;
    metric_add(master->metrics, METRIC_worker_restarts_total, 1);
    log_line(LOG_ERROR, "worker died", "index=%d %s=%d again_ms=%d", index, WIFSIGNALED(status) ? "signal" : "status",
             WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status), child->backoff_ms);
}

static void reap(struct master *master)
{
    int status;
    pid_t pid;
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
        for (int i = 0; i < master->count; i++)
            if (master->children[i].pid == pid)
                child_ended(master, i, status);
}

static void signal_children(const struct master *master, int number)
{
    for (int i = 0; i < master->count; i++)
        if (master->children[i].pid)
            kill(master->children[i].pid, number);
}

static void on_signal(struct master *master, int number)
{
    switch (number) {
    case SIGTERM:
    case SIGINT:
        if (!master->stopping) {
            log_line(LOG_INFO, "stopping", "drain_ms=%lld", (long long)master->config->drain_ms);
            master->stopping = true;
            master->kill_at = ticks() + master->config->drain_ms + GRACE_MS;
            signal_children(master, SIGTERM);
        }
        break;
    case SIGHUP:
        log_line(LOG_INFO, "replacing the workers one by one", "count=%d", master->count);
        master->rolling = 0;
        master->roll_at = ticks();
        break;
    default: /* SIGCHLD is noticed by reap */
        break;
    }
}

/* Replace the next worker, once the one before runs again and has had a moment to begin. */
static void roll(struct master *master, int64_t now)
{
    if (master->rolling >= master->count || now < master->roll_at)
        return;
    for (int i = 0; i < master->count; i++)
        if (!master->children[i].pid || master->children[i].replacing)
            return;
    struct child *child = &master->children[master->rolling++];
    child->replacing = true;
    kill(child->pid, SIGTERM);
    master->roll_at = now + ROLL_PAUSE_MS;
}

static void start_due(struct master *master, int64_t now)
{
    for (int i = 0; i < master->count; i++) {
        if (!master->children[i].pid && now >= master->children[i].start_at) {
            start_child(master, i);
            master->roll_at = now + ROLL_PAUSE_MS;
        }
    }
}

static bool any_child(const struct master *master)
{
    for (int i = 0; i < master->count; i++)
        if (master->children[i].pid)
            return true;
    return false;
}

static void run(struct master *master)
{
    const struct timespec turn = { .tv_nsec = 50000000 };
    for (;;) {
        reap(master);
        int64_t now = ticks();
        if (master->stopping) {
            if (!any_child(master))
                return;
            if (now >= master->kill_at) {
                log_line(LOG_WARN, "workers did not end in time", "grace_ms=%d", GRACE_MS);
                signal_children(master, SIGKILL);
                master->kill_at = now + GRACE_MS;
            }
        } else {
            start_due(master, now);
            roll(master, now);
        }
        int number = sigtimedwait(&master->signals, NULL, &turn);
        if (number > 0)
            on_signal(master, number);
    }
}

int master_run(const struct config *config)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    int count = config->workers ? (int)config->workers : cores > 0 ? (int)cores : 1;
    struct master master = { .config = config, .count = count, .rolling = count };
    master.metrics = metrics_open(count);
    master.children = calloc((size_t)count, sizeof *master.children);
    if (!master.children)
        abort();
    sigemptyset(&master.signals);
    const int numbers[] = { SIGTERM, SIGINT, SIGHUP, SIGCHLD };
    for (size_t i = 0; i < LECTERN_COUNT(numbers); i++)
        sigaddset(&master.signals, numbers[i]);
    sigprocmask(SIG_BLOCK, &master.signals, NULL);
    log_line(LOG_INFO, "serving", "listen=%s port=%lld workers=%d version=%s", config->listen, (long long)config->port,
             count, LECTERN_VERSION);
    run(&master);
    log_line(LOG_INFO, "stopped", "%s", "");
    free(master.children);
    metrics_close(master.metrics);
    return 0;
}
