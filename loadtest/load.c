/* load.c - lectern-load: ramp up, act, wait until all screens are even, judge, report. */
#include <math.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "member.h"

#define TICK_MS 10
#define COMPLAINTS_MAX 20u
#define SCRATCH_MAX (32u << 20)
#define ANY_TRIES 16

/* What the votes of a question must come to: what there was before, and what has been acknowledged since. */
struct tally {
    uint64_t id;
    int64_t votes;
};

enum phase { PHASE_JOIN, PHASE_ACT, PHASE_SETTLE, PHASE_END };

struct run {
    struct load load;
    uv_timer_t timer;
    enum phase phase;
    uint64_t phase_began;
    size_t connected; /* members who were told to connect */
    seq_t start; /* seq when acting began */
    struct tally *before;
    size_t before_count;
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

/* ---- acting ---- */

static struct member *any_free_member(struct load *load)
{
    for (int i = 0; i < ANY_TRIES; i++) {
        struct member *member = &load->members[random() % load->options.members];
        if (member->joined && !member->pending)
            return member;
    }
    return NULL;
}

static bool vote_once(struct load *load)
{
    struct member *member = any_free_member(load);
    if (!member || member->count == 0)
        return false;
    const struct seen *seen = &member->seen[(size_t)random() % member->count];
    if (!seen->votable)
        return false;
    struct command command = { .kind = COMMAND_VOTE };
    command.vote.question = seen->id;
    command.vote.on = !member_has_voted(member, seen->id);
    member_command(member, &command);
    load->n.votes++;
    return true;
}

static bool ask_once(struct load *load)
{
    static char text[] = "How does this behave when the whole hall asks at once?";
    struct member *member = any_free_member(load);
    if (!member)
        return false;
    struct command command = { .kind = COMMAND_ASK };
    command.ask.text = str_of(text);
    command.ask.name = STR("Load");
    member_command(member, &command);
    load->n.asks++;
    return true;
}

/* Do as many as are due by now; what cannot be done at once (nobody is free) is tried again on the next tick. */
static void act(struct run *run, uint64_t elapsed_us)
{
    struct load *load = &run->load;
    uint64_t votes_due = (uint64_t)(load->options.votes * (double)elapsed_us / 1e6);
    uint64_t asks_due = (uint64_t)(load->options.asks * (double)elapsed_us / 1e6);
    while (load->n.asks < asks_due && ask_once(load))
        continue;
    for (uint64_t tries = 2 * (votes_due - load->n.votes); tries > 0 && load->n.votes < votes_due; tries--)
        (void)vote_once(load);
}

/* ---- phases ---- */

static void remember_votes(struct run *run)
{
    const struct member *member = &run->load.members[0];
    run->start = member->held;
    run->before = calloc(member->count + 1, sizeof(*run->before));
    if (!run->before)
        abort();
    for (size_t i = 0; i < member->count; i++)
        run->before[run->before_count++] = (struct tally){ member->seen[i].id, member->seen[i].votes };
}

static void join_more(struct run *run, uint64_t elapsed_us)
{
    struct load *load = &run->load;
    double part = load->options.ramp ? (double)elapsed_us / ((double)load->options.ramp * 1e6) : 1;
    size_t due = part >= 1 ? (size_t)load->options.members : (size_t)(part * (double)load->options.members);
    while (run->connected < due)
        member_connect(&load->members[run->connected++]);
}

/* Nobody waits for an answer, everybody is at the same seq, and that is not before any ack. */
static bool is_even(const struct load *load)
{
    seq_t most = 0;
    if (load->joined < (size_t)load->options.members)
        return false;
    for (size_t i = 0; i < load->sent_count; i++)
        most = load->sent[i].seq > most ? load->sent[i].seq : most;
    for (size_t i = 0; i < load->joined; i++)
        if (load->members[i].pending || load->members[i].held < most || load->members[i].held != load->members[0].held)
            return false;
    return true;
}

static void next_phase(struct run *run, enum phase phase)
{
    run->phase = phase;
    run->phase_began = now_us();
}

static void end(struct run *run)
{
    next_phase(run, PHASE_END);
    run->load.ending = true;
    for (size_t i = 0; i < run->connected; i++)
        client_close(&run->load.members[i].client, 1000);
    uv_close((uv_handle_t *)&run->timer, NULL);
}

static void give_up(struct run *run, const char *what)
{
    load_wrong(&run->load, "%s: %zu of %lld members are in the room", what, run->load.joined,
               (long long)run->load.options.members);
}

static void judge(struct run *run);

static void on_tick(uv_timer_t *timer)
{
    struct run *run = timer->data;
    struct load *load = &run->load;
    uint64_t now = now_us(), elapsed = now - run->phase_began;
    uint64_t patience = (uint64_t)load->options.settle * 1000000;
    for (size_t i = 0; i < run->connected; i++)
        member_tick(&load->members[i], now);
    if (run->phase == PHASE_JOIN) {
        join_more(run, elapsed);
        if (load->joined == (size_t)load->options.members && is_even(load)) {
            remember_votes(run);
            next_phase(run, PHASE_ACT);
        } else if (elapsed > patience + (uint64_t)load->options.ramp * 1000000) {
            give_up(run, "joining takes too long");
            end(run);
        }
    } else if (run->phase == PHASE_ACT) {
        act(run, elapsed);
        if (elapsed >= (uint64_t)load->options.seconds * 1000000)
            next_phase(run, PHASE_SETTLE);
    } else if (run->phase == PHASE_SETTLE && (is_even(load) || elapsed > patience)) {
        if (!is_even(load))
            give_up(run, "the screens do not get even");
        judge(run);
        end(run);
    }
}

/* ---- judging ---- */

/* The votes that question `id` must have, or -1 when its beginning is not known. */
static int64_t votes_expected(const struct run *run, uint64_t id)
{
    int64_t votes = id > run->start ? 0 : -1;
    for (size_t i = 0; i < run->before_count; i++)
        if (run->before[i].id == id)
            votes = run->before[i].votes;
    for (size_t i = 0; votes >= 0 && i < run->load.sent_count; i++) {
        const struct sent *sent = &run->load.sent[i];
        if (sent->seq && sent->command.kind == COMMAND_VOTE && sent->command.vote.question == id)
            votes += sent->command.vote.on ? 1 : -1;
    }
    return votes;
}

static void judge(struct run *run)
{
    struct load *load = &run->load;
    const struct member *first = &load->members[0];
    uint64_t hash = member_hash(first);
    for (size_t i = 0; i < (size_t)load->options.members; i++) {
        const struct member *member = &load->members[i];
        if (member->pending)
            load_wrong(load, "member %zu never got an answer", i);
        if (member->held != first->held)
            load_wrong(load, "member %zu is at seq %llu, member 0 at %llu", i, (unsigned long long)member->held,
                       (unsigned long long)first->held);
        else if (member_hash(member) != hash)
            load_wrong(load, "member %zu sees something else than member 0 at seq %llu", i,
                       (unsigned long long)member->held);
    }
    for (size_t i = 0; i < first->count; i++) {
        int64_t expected = votes_expected(run, first->seen[i].id);
        if (expected >= 0 && expected != first->seen[i].votes)
            load_wrong(load, "question %llu shows %lld votes, %lld were acknowledged",
                       (unsigned long long)first->seen[i].id, (long long)first->seen[i].votes, (long long)expected);
    }
}

/* ---- the report ---- */

static void report(struct run *run)
{
    struct load *load = &run->load;
    struct histogram *screens = calloc(1, sizeof(*screens));
    if (!screens)
        abort();
    for (size_t i = 0; i < load->sent_count; i++)
        if (load->sent[i].seq && load->sent[i].command.kind == COMMAND_VOTE)
            screens_measure(&load->screens, load->sent[i].seq, load->sent[i].at, screens);
    const struct histogram *acks = load->ack_times;
    const struct {
        const char *name;
        double value;
    } rows[] = {
        { "members", (double)load->options.members },
        { "votes", (double)load->n.votes },
        { "asks", (double)load->n.asks },
        { "acked", (double)load->n.acked },
        { "refused", (double)load->n.refused },
        { "retried", (double)load->n.retried },
        { "ack_p50_ms", histogram_ms(acks, 0.5) },
        { "ack_p95_ms", histogram_ms(acks, 0.95) },
        { "ack_p99_ms", histogram_ms(acks, 0.99) },
        { "screens", (double)screens->count },
        { "screen_p50_ms", histogram_ms(screens, 0.5) },
        { "screen_p95_ms", histogram_ms(screens, 0.95) },
        { "screen_p99_ms", histogram_ms(screens, 0.99) },
        { "frames", (double)load->n.frames },
        { "gaps", (double)load->n.gaps },
        { "snapshots", (double)load->n.snapshots },
        { "resumed", (double)load->n.resumed },
        { "reconnects", (double)load->n.reconnects },
        { "seq", (double)load->members[0].held },
        { "wrong", (double)load->n.wrong },
    };
    for (size_t i = 0; i < LECTERN_COUNT(rows); i++) {
        int digits = rows[i].value == floor(rows[i].value) ? 0 : 3;
        if (load->options.json)
            printf("%s\"%s\":%.*f", i ? "," : "{", rows[i].name, digits, rows[i].value);
        else
            printf("%-14s %12.*f\n", rows[i].name, digits, rows[i].value);
    }
    if (load->options.json)
        puts("}");
    free(screens);
}

/* ---- the program ---- */

static void set_up(struct run *run, struct buf *request)
{
    struct load *load = &run->load;
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &files); /* if not, connecting fails and says so */
    }
    signal(SIGPIPE, SIG_IGN);
    srandom((unsigned)load->options.seed);
    load->nonce = uv_hrtime();
    load->loop = uv_default_loop();
    buf_init(request, 4096);
    client_request(request, load->options.host,
                   load->options.encoding == WIRE_JSON ? "lectern.v1.json" : "lectern.v1");
    load->request = buf_str(request);
    load->ack_times = calloc(1, sizeof(*load->ack_times));
    load->members = calloc((size_t)load->options.members, sizeof(*load->members));
    if (!load->ack_times || !load->members)
        abort();
    for (size_t i = 0; i < (size_t)load->options.members; i++)
        member_init(&load->members[i], load);
    for (size_t i = 0; i < CACHE_SLOTS; i++) {
        buf_init(&load->cache[i].bytes, SCRATCH_MAX);
        arena_init(&load->cache[i].arena, 65536, SCRATCH_MAX);
    }
}

static void tear_down(struct run *run, struct buf *request)
{
    struct load *load = &run->load;
    for (size_t i = 0; i < CACHE_SLOTS; i++) {
        buf_release(&load->cache[i].bytes);
        arena_release(&load->cache[i].arena);
    }
    for (size_t i = 0; i < (size_t)load->options.members; i++)
        member_release(&load->members[i]);
    screens_release(&load->screens);
    free(load->members);
    free(load->ack_times);
    free(load->sent);
    free(run->before);
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
    next_phase(&run, PHASE_JOIN);
    uv_run(run.load.loop, UV_RUN_DEFAULT);
    report(&run);
    bool right = run.load.n.wrong == 0;
    tear_down(&run, &request);
    return right ? EXIT_SUCCESS : EXIT_FAILURE;
}
