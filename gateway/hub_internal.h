/* hub_internal.h - the inside of the hub, shared by hub*.c and people.c only. */
#ifndef GATEWAY_HUB_INTERNAL_H
#define GATEWAY_HUB_INTERNAL_H

#include "bus.h"
#include "hub.h"
#include "pool.h"
#include "worker.h"

#define HUB_BUCKETS 4096
#define HUB_FRAME_MAX (32u << 20)
#define HUB_PRESENCE_WORKERS 64

/* A connection's seat in a room. */
struct hub_member {
    struct conn *conn;
    seq_t sent; /* covered by what was written to it */
    enum tier tier;
    bool known; /* the people lookup has answered */
    bool joined; /* welcome was sent */
    bool waiting; /* to be served at the next flush boundary; a flush reads nothing below: one cache line */
    struct hub_room *room;
    size_t index;                   /* in room->members */
    struct hub_member *next, **link; /* the room's participants, by hash */
    struct hub_member *next_trusted, **trusted; /* the hub's list of those with a login or a role link */
    struct identity identity;
    char token[AUTH_TOKEN_TEXT]; /* to be told in welcome; "": the client has a cookie */
    uint64_t participant, account;
    enum role role;
    enum page page;
    seq_t held; /* from hello */
    uint64_t *votes;
    size_t vote_count;
    bool has_feedback;
    struct feedback_record feedback;
    char *feedback_text; /* owns feedback's slices */
};

struct ring_slot {
    seq_t from, to;
    bool windowed;
    struct frame *frame;
};
struct ring {
    struct ring_slot *slots; /* config->ring_frames of them, once needed */
    size_t first, count;
    size_t members;      /* joined ones that read this tier in this encoding */
    uint64_t members_at; /* worker_ticks when there were some last */
    struct frame *snapshot;
};

struct hub_submission {
    struct hub_submission *next;
    struct actor_ref actor;
    struct arena arena;
    struct command command;
    void (*done)(void *arg, const struct hub_answer *answer);
    void *arg;
};

struct hub_room {
    struct hub_room *next, *next_code;
    uint64_t id;
    char code[8];
    struct room *room;
    bool ready, loading;
    struct hub_member **members;
    size_t count, capacity;
    struct hub_member **participants; /* hash heads */
    size_t participant_buckets, people;
    struct ring rings[TIER_COUNT][WIRE_ENCODING_COUNT];
    seq_t flushed;
    bool listed; /* in hub->dirty */
    uint64_t flushed_at, due;
    int64_t flush_us; /* how long a flush takes, smoothed */
    uint64_t empty_since;
    struct hub_submission *submissions; /* waiting for the load */
    struct presence_entry {
        uint64_t origin;
        uint32_t here;
        uint64_t seen;
    } elsewhere[HUB_PRESENCE_WORKERS];
    uint32_t told_here, published_here, peak, told_peak;
    uint64_t published_at;
};

struct pending {
    struct pending *next;
    uint64_t ticket, conn;
    struct command_id id;
    void (*done)(void *arg, const struct hub_answer *answer);
    void *arg;
};

struct hub {
    struct worker *worker;
    struct hub_room *rooms[HUB_BUCKETS], *codes[HUB_BUCKETS];
    size_t room_count;
    struct pending *pending[HUB_BUCKETS];
    size_t pending_count;
    uint64_t last_ticket;
    struct hub_room **dirty;
    size_t dirty_count, dirty_capacity;
    uv_async_t store_async;
    uv_check_t check;
    uv_timer_t flush_timer, second_timer, pull_timer;
    int handles;
    struct arena scratch;
    struct buf encoded;
    struct arena batch_arena; /* events of the store's batch, until they are published */
    struct store_event *batch;
    size_t batch_count, batch_capacity;
    bool pulling, pull_again, bus_up;
    uint64_t pulled_at;
    struct people *people;
    struct rights *rights;
    struct hub_member *trusted; /* those whose rights can end */
    uint64_t seconds;
    bool closed;
};

/* hub.c */
struct hub_room *hub_room_get(struct hub *hub, uint64_t id); /* loads it when it is not there; NULL: too many rooms */
struct hub_room *hub_room_find(struct hub *hub, uint64_t id);
void hub_member_try(struct hub_member *member); /* join when everything is known */

/* hub_commands.c */
void hub_run_submission(struct hub *hub, struct hub_room *room, struct hub_submission *submission);
int hub_event(struct hub *hub, const struct store_event *event);
void hub_store_ready(uv_async_t *async); /* store_poll has something to give */

/* hub_flush.c */
void hub_mark(struct hub *hub, struct hub_room *room);
void hub_flush_due(struct hub *hub);
void hub_serve(struct hub_member *member);
void hub_flush_room(struct hub *hub, struct hub_room *room);
void hub_forget_frames(struct hub *hub, struct hub_room *room);
void hub_send_to_all(struct hub_room *room, const struct server_message *message);

/* hub_load.c */
void hub_load(struct hub *hub, struct hub_room *room);
void hub_pull(struct hub *hub);
void hub_find_code(struct hub *hub, const char *code, uint64_t conn);
void hub_code_found(struct conn *conn, uint64_t room);
void hub_unload_idle(struct hub *hub);
void hub_room_free(struct hub *hub, struct hub_room *room);
void hub_room_bind_code(struct hub *hub, struct hub_room *room);

/* hub_presence.c */
void hub_presence_join(struct hub_member *member);
void hub_presence_leave(struct hub_member *member);
void hub_presence_second(struct hub *hub);

/* people.c */
struct people *people_open(struct hub *hub);
void people_close(struct people *people);
void people_ask(struct people *people, const struct hub_member *member);
void hub_person_known(struct conn *conn, uint64_t account, uint64_t participant, const struct person_answer *answer);

/* rights.c */
struct rights *rights_open(struct hub *hub);
void rights_close(struct rights *rights);
void rights_watch(struct hub *hub, struct hub_member *member);
void rights_forget(struct hub_member *member);

#endif
