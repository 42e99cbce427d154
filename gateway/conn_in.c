/* conn_in.c - what arrives on a connection: pieces to messages, the budget of commands, and who takes which message. */
#include "conn_internal.h"

#include "hub.h"

#define FLOOD_FACTOR 10

double conn_burst(const struct config *config)
{
    return (double)config->commands_per_minute / 4 + 1;
}

void conn_heard(struct conn *conn)
{
    conn->last_heard = worker_ticks(conn->worker);
}

/* Take one command from the budget: how many ms too early it came, 0 when it is in time. */
static int64_t take_budget(struct conn *conn)
{
    const struct config *config = conn->worker->config;
    uint64_t now = worker_ticks(conn->worker);
    double per_ms = (double)config->commands_per_minute / 60000 * conn->pace;
    conn->command_budget += (double)(now - conn->budget_at) * per_ms;
    conn->budget_at = now;
    if (conn->command_budget > conn_burst(config))
        conn->command_budget = conn_burst(config);
    conn->command_budget -= 1;
    if (conn->command_budget >= 0)
        return 0;
    int64_t wait = (int64_t)(-conn->command_budget / per_ms) + 1;
    if (conn->command_budget < -FLOOD_FACTOR * conn_burst(config))
        conn_close(conn, CLOSE_FLOOD);
    else
        conn->command_budget += 0.9; /* a refused command costs a tenth: ten bursts of refusals are a flood */
    return wait;
}

static void refuse_too_fast(struct conn *conn, const struct command *command, int64_t wait_ms)
{
    struct server_message message = { .kind = SERVER_REFUSED };
    message.refused.id = command->id;
    message.refused.refusal = REFUSAL_TOO_FAST;
    message.refused.detail = wait_ms;
    metric_add(conn->worker->metrics, METRIC_commands_refused_total, 1);
    conn_send_message(conn, &message);
}

static void answer_ping(struct conn *conn, int64_t sent)
{
    struct server_message message = { .kind = SERVER_PONG };
    message.pong.sent = sent;
    message.pong.now = worker_now(conn->worker);
    conn_send_message(conn, &message);
}

static void dispatch(struct conn *conn, const struct client_message *message, enum refusal refusal)
{
    struct edge_conn *edge = edge_of(conn);
    if ((message->kind == CLIENT_HELLO) == edge->said_hello) {
        conn_close(conn, CLOSE_PROTOCOL); /* hello is the first message, and only that */
        return;
    }
    int64_t wait = message->kind == CLIENT_HELLO ? 0 : take_budget(conn);
    if (conn->closing)
        return;
    switch (message->kind) {
    case CLIENT_HELLO:
        edge->said_hello = true;
        hub_hello(conn, message);
        break;
    case CLIENT_PING:
        if (wait == 0)
            answer_ping(conn, message->ping.sent);
        break;
    case CLIENT_MORE:
        if (wait == 0)
            hub_more(conn, message);
        break;
    default:
        metric_add(conn->worker->metrics, METRIC_commands_total, 1);
        if (wait)
            refuse_too_fast(conn, &message->command, wait);
        else
            hub_command(conn, &message->command, refusal);
    }
}

static void message_complete(struct conn *conn, struct str bytes)
{
    struct arena *scratch = &conn->worker->conns->scratch;
    struct client_message message;
    enum refusal refusal = REFUSAL_NONE;
    arena_reset(scratch);
    if (wire_decode_client(conn->encoding, bytes, scratch, &message, &refusal) != 0)
        conn_close(conn, CLOSE_PROTOCOL);
    else
        dispatch(conn, &message, refusal);
}

void conn_received(struct conn *conn, const void *bytes, size_t n, bool first, bool final, bool binary)
{
    struct edge_conn *edge = edge_of(conn);
    conn_heard(conn);
    if (conn->closing)
        return;
    if (binary == (conn->encoding == WIRE_JSON)) {
        conn_close(conn, CLOSE_PROTOCOL);
        return;
    }
    if (first)
        buf_clear(&edge->message);
    if (edge->message.len + n > (size_t)conn->worker->config->message_max) {
        conn_close(conn, CLOSE_TOO_LARGE);
        return;
    }
    if (first && final) {
        message_complete(conn, (struct str){ bytes, n });
        return;
    }
    buf_put(&edge->message, bytes, n);
    if (final) {
        message_complete(conn, buf_str(&edge->message));
        buf_release(&edge->message); /* long messages are rare: no memory is kept for them */
    }
}
