/* load.c - lectern-load: join, act, wait until all screens are even, judge, report. */
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "member.h"

#define TICK_MS 1
#define EVEN_EVERY_US 10000u /* whether all are even is looked at so often: it looks at everybody */
#define COMPLAINTS_MAX 20u
#define ANY_TRIES 16
#define DRAWS 4
#define FAILURES_MAX 64 /* nobody found to vote so often: everybody is busy */

enum phase { PHASE_JOIN, PHASE_WARM, PHASE_MEASURE, PHASE_SETTLE, PHASE_END };
static const char *const phase_words[] = {"join", "warm", "measure", "settle", "end"};

struct run {
    struct load load;
    uv_timer_t timer;
    enum phase phase;
    uint64_t phase_began, even_looked;
    size_t connected;  /* members who were told to connect */
    size_t rooms_left; /* how often a room was left */
};

uint64_t now_us(void)
{
    return uv_hrtime() / 1000;
}

void load_wrong(struct load *load, const char *format, ...)
{
    if (load->n.wrong++ >= COMPLAINTS_MAX)
        return;
    va_list arguments;
    va_start(arguments, format);
    fputs("lectern-load: wrong: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
}

void *load_room_for(void *memory, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return memory;
    *capacity = *capacity ? 2 * *capacity : 16;
    memory = realloc(memory, *capacity * size);
    if (!memory)
        abort();
    return memory;
}

/* xorshift64*: the C library's random() takes a lock, and was half of what this program did. */
uint64_t load_random(struct load *load)
{
    uint64_t x = load->random;
    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    load->random = x;
    return x * UINT64_C(0x2545f4914f6cdd1d) >> 16;
}

/* ---- acting ---- */

static bool is_free(const struct member *member)
{
    return member->joined && !member->laggard && !member->away && member->number < member->load->options.early &&
           member->pending_count < (size_t)member->load->options.window;
}

static struct member *any_free_member(struct load *load)
{
    for (int i = 0; i < ANY_TRIES; i++) {
        struct member *member = &load->members[load_random(load) % (uint64_t)load->options.early];
        if (is_free(member))
            return member;
    }
    return NULL;
}

/* A vote of this member on some question that it sees; false: not on the one that was drawn. */
static bool vote_on_any(struct load *load, struct member *member, bool may_take_back)
{
    const struct seen *seen = &member->view->seen[load_random(load) % member->view->count];
    bool has = member_has_voted(member, seen->id);
    if (!seen->votable || (has && !may_take_back) || member_is_voting(member, seen->id))
        return false;
    member_command(member, seen->id, !has);
    load->n.votes++;
    load->n.taken_back += has;
    return true;
}

static bool vote_once(struct load *load)
{
    struct member *member = any_free_member(load);
    bool may_take_back = (double)(load_random(load) % 10000) < load->options.back * 100;
    if (!member || member->view->count == 0)
        return false;
    for (int i = 0; i < DRAWS; i++)
        if (vote_on_any(load, member, may_take_back))
            return true;
    return false;
}

static bool ask_once(struct load *load)
{
    struct member *member = any_free_member(load);
    if (!member)
        return false;
    member_command(member, 0, true);
    load->n.asks++;
    return true;
}

/* Were so many of them to have been done by now? And may there be one more? */
static bool is_due(const struct load *load, uint64_t done, double per_second)
{
    bool may = load->options.at_once == 0 || load->under_way < (uint64_t)load->options.at_once;
    return may && done < (uint64_t)(per_second * (double)(now_us() - load->act_began) / 1e6);
}

/* Do as many as are due by now; what cannot be done at once (nobody is free) is tried again later. */
static void act(struct load *load)
{
    while (is_due(load, load->n.asks, load->options.asks) && ask_once(load))
        continue;
    for (int failures = 0; failures < FAILURES_MAX && is_due(load, load->n.votes, load->options.votes);)
        failures += !vote_once(load);
}

void load_act(struct load *load)
{
    if (load->acting && is_due(load, load->n.votes, load->options.votes))
        (void)vote_once(load);
}

/* Everybody leaves the rooms whose turn it is, one after the other. */
static void leave(struct run *run, uint64_t elapsed_us)
{
    struct load *load = &run->load;
    size_t due = (size_t)(load->options.leave * (double)elapsed_us / 1e6);
    uint64_t until = now_us() + (uint64_t)(load->options.away * 1e6);
    for (; run->rooms_left < due; run->rooms_left++)
        for (size_t i = run->rooms_left % load->room_count; i < (size_t)load->options.members; i += load->room_count)
            member_leave(&load->members[i], until);
}

/* ---- phases ---- */

static void begin(struct run *run, enum phase phase)
{
    run->phase = phase;
    run->phase_began = now_us();
    if (run->load.options.phases)
        fprintf(stderr, "lectern-load: phase: %s\n", phase_words[phase]);
}

static void lag_all(struct load *load, bool lag)
{
    for (size_t i = 0; i < (size_t)load->options.members; i++)
        if (load->members[i].laggard)
            member_lag(&load->members[i], lag);
}

/* `count` members more than before, spread over the ramp; false: all are told. */
static bool join_more(struct run *run, size_t from, size_t to, uint64_t elapsed_us)
{
    struct load *load = &run->load;
    double part = load->options.ramp > 0 ? (double)elapsed_us / (load->options.ramp * 1e6) : 1;
    size_t due = from + (part >= 1 ? to - from : (size_t)(part * (double)(to - from)));
    if (run->connected == from && due > from)
        load->times.join_began = now_us();
    while (run->connected < due)
        member_connect(&load->members[run->connected++]);
    return run->connected < to;
}

static bool even_now(struct run *run, uint64_t now)
{
    if (run->load.joined < run->connected || now - run->even_looked < EVEN_EVERY_US)
        return false;
    run->even_looked = now;
    return judge_is_even(&run->load);
}

static void end(struct run *run)
{
    struct load *load = &run->load;
    begin(run, PHASE_END);
    load->ending = true;
    load->acting = false;
    for (size_t i = 0; i < run->connected; i++)
        client_close(&load->members[i].client, 1000);
    uv_close((uv_handle_t *)&run->timer, NULL);
}

static void give_up(struct run *run, const char *what)
{
    load_wrong(&run->load, "%s: %zu of %lld members are in the room", what, run->load.joined,
               (long long)run->load.options.members);
}

static void on_join(struct run *run, uint64_t now, uint64_t elapsed)
{
    struct load *load = &run->load;
    bool more = join_more(run, 0, (size_t)load->options.early, elapsed);
    if (!more && even_now(run, now)) {
        judge_begin(load);
        begin(run, PHASE_WARM);
        load->act_began = now_us();
        load->acting = true;
        lag_all(load, true);
    } else if (elapsed > (uint64_t)((double)load->options.settle + load->options.ramp) * 1000000) {
        give_up(run, "joining takes too long");
        end(run);
    }
}

static void on_warm(struct run *run, uint64_t now, uint64_t elapsed)
{
    (void)now;
    act(&run->load);
    if (elapsed < (uint64_t)(run->load.options.warm * 1e6))
        return;
    run->load.measuring = true;
    run->load.measure_began = now_us();
    run->load.frames_before = run->load.n.frames;
    begin(run, PHASE_MEASURE);
}

static void on_measure(struct run *run, uint64_t now, uint64_t elapsed)
{
    struct load *load = &run->load;
    (void)now;
    act(load);
    leave(run, elapsed);
    bool more = join_more(run, (size_t)load->options.early, (size_t)load->options.members, elapsed);
    if (more || elapsed < (uint64_t)(load->options.seconds * 1e6))
        return;
    load->measure_ended = now_us();
    load->frames_after = load->n.frames;
    load->measuring = load->acting = false;
    begin(run, PHASE_SETTLE);
    lag_all(load, false);
}

static void on_settle(struct run *run, uint64_t now, uint64_t elapsed)
{
    bool late = elapsed > (uint64_t)run->load.options.settle * 1000000;
    if (!late && !even_now(run, now))
        return;
    if (late)
        give_up(run, "the screens do not get even");
    judge_end(&run->load);
    end(run);
}

static void tick_waiting(struct load *load, uint64_t now)
{
    size_t kept = 0;
    for (size_t i = 0; i < load->waiting_count; i++)
        if (member_tick(load->waiting[i], now))
            load->waiting[kept++] = load->waiting[i];
    load->waiting_count = kept;
}

static void on_tick(uv_timer_t *timer)
{
    static void (*const steps[])(struct run *, uint64_t, uint64_t) = {on_join, on_warm, on_measure, on_settle};
    struct run *run = timer->data;
    uint64_t now = now_us();
    tick_waiting(&run->load, now);
    steps[run->phase](run, now, now - run->phase_began);
}

/* ---- the program ---- */

/* One room for each code of the list. */
static void make_rooms(struct load *load)
{
    char *rest = load->codes = strdup(load->options.codes);
    size_t capacity = 0;
    if (!rest)
        abort();
    for (char *code; (code = strtok_r(rest, ",", &rest)) != NULL;) {
        load->rooms = load_room_for(load->rooms, load->room_count, &capacity, sizeof(*load->rooms));
        load->rooms[load->room_count++] = (struct room){.code = code};
    }
    if (load->room_count == 0 || (size_t)load->options.early < load->room_count) {
        fputs("lectern-load: each room needs a member, from the beginning\n", stderr);
        exit(2);
    }
}

static void set_up(struct run *run, struct buf *request)
{
    struct load *load = &run->load;
    struct rlimit files;
    size_t members = (size_t)load->options.members;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &files); /* if not, connecting fails and says so */
    }
    signal(SIGPIPE, SIG_IGN);
    load->random = UINT64_C(0x9e3779b97f4a7c15) * (uint64_t)(load->options.seed + 1);
    load->nonce = uv_hrtime();
    load->loop = uv_default_loop();
    buf_init(request, 4096);
    client_request(request, load->options.host, load->options.encoding == WIRE_JSON ? "lectern.v1.json" : "lectern.v1");
    load->request = buf_str(request);
    make_rooms(load);
    frames_init(&load->frames);
    load->members = calloc(members, sizeof(*load->members));
    load->waiting = calloc(members, sizeof(*load->waiting));
    if (!load->members || !load->waiting)
        abort();
    for (size_t i = 0; i < members; i++)
        member_init(&load->members[i], load, (uint32_t)i);
}

static void tear_down(struct run *run, struct buf *request)
{
    struct load *load = &run->load;
    for (size_t i = 0; i < (size_t)load->options.members; i++)
        member_release(&load->members[i]);
    for (size_t r = 0; r < load->room_count; r++) {
        screens_release(&load->rooms[r].screens);
        view_ring_release(&load->rooms[r].views);
        free(load->rooms[r].tallies);
    }
    frames_release(&load->frames);
    free(load->codes);
    free(load->rooms);
    free(load->members);
    free(load->waiting);
    free(load->sent);
    buf_release(request);
    uv_loop_close(load->loop);
}

int main(int argc, char **argv)
{
    static struct run run;
    struct buf request;
    options_read(&run.load.options, argc, argv);
    set_up(&run, &request);
    run.timer.data = &run;
    uv_timer_init(run.load.loop, &run.timer);
    uv_timer_start(&run.timer, on_tick, 0, TICK_MS);
    begin(&run, PHASE_JOIN);
    uv_run(run.load.loop, UV_RUN_DEFAULT);
    if (run.load.options.dump)
        judge_dump(&run.load, run.load.options.dump);
    report(&run.load);
    bool right = run.load.n.wrong == 0;
    tear_down(&run, &request);
    return right ? EXIT_SUCCESS : EXIT_FAILURE;
}
