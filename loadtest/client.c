/* client.c - RFC 6455 from the client's side: upgrade, masking, frames, ping and close. */
#include "client.h"

#include <stdlib.h>
#include <strings.h>

#define MESSAGE_MAX (32u << 20)
#define KEY "dGhlIHNhbXBsZSBub25jZQ=="       /* RFC 6455's own example, so that its answer is known */
#define ACCEPT "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="

enum opcode { OP_TEXT = 1, OP_BINARY = 2, OP_CLOSE = 8, OP_PING = 9, OP_PONG = 10 };

static char read_memory[256 * 1024]; /* one loop, one read at a time */

void client_init(struct client *client, const struct client_hooks *hooks)
{
    memset(client, 0, sizeof(*client));
    client->hooks = hooks;
    buf_init(&client->in, MESSAGE_MAX);
}

void client_release(struct client *client)
{
    buf_release(&client->in);
}

void client_request(struct buf *out, const char *host, const char *subprotocol)
{
    buf_printf(out,
               "GET /ws HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
               "Sec-WebSocket-Key: " KEY "\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: %s\r\n\r\n",
               host, subprotocol);
}

/* ---- the end ---- */

static void on_closed(uv_handle_t *handle)
{
    struct client *client = handle->data;
    client->alive = client->upgraded = false;
    buf_clear(&client->in);
    client->hooks->on_end(client, client->close_code);
}

void client_close(struct client *client, int code)
{
    if (!client->alive || uv_is_closing((uv_handle_t *)&client->tcp))
        return;
    client->close_code = code;
    uv_close((uv_handle_t *)&client->tcp, on_closed);
}

/* ---- writing ---- */

struct late_write {
    uv_write_t request;
    char bytes[];
};

static void on_written(uv_write_t *request, int status)
{
    (void)status; /* a failed connection is noticed by its reader */
    free(request->data);
}

static void write_bytes(struct client *client, const void *bytes, size_t n)
{
    uv_buf_t now = uv_buf_init((char *)(uintptr_t)bytes, (unsigned)n);
    int written = uv_try_write((uv_stream_t *)&client->tcp, &now, 1);
    size_t done = written > 0 ? (size_t)written : 0;
    if (done == n)
        return;
    struct late_write *late = malloc(sizeof(*late) + n - done);
    if (!late)
        abort();
    memcpy(late->bytes, (const char *)bytes + done, n - done);
    late->request.data = late;
    uv_buf_t rest = uv_buf_init(late->bytes, (unsigned)(n - done));
    if (uv_write(&late->request, (uv_stream_t *)&client->tcp, &rest, 1, on_written))
        free(late);
}

static void send_frame(struct client *client, enum opcode opcode, struct str payload)
{
    uint8_t small[512], *frame = payload.n + 14 <= sizeof(small) ? small : malloc(payload.n + 14), *p = frame;
    uint32_t key = (uint32_t)random();
    if (!frame)
        abort();
    *p++ = (uint8_t)(0x80 | opcode);
    if (payload.n < 126) {
        *p++ = (uint8_t)(0x80 | payload.n);
    } else {
        *p++ = 0x80 | 126; /* commands are at most 64 KiB */
        *p++ = (uint8_t)(payload.n >> 8);
        *p++ = (uint8_t)payload.n;
    }
    memcpy(p, &key, 4);
    for (size_t i = 0; i < payload.n; i++)
        p[4 + i] = (uint8_t)(payload.p[i] ^ p[i & 3]);
    write_bytes(client, frame, (size_t)(p - frame) + 4 + payload.n);
    if (frame != small)
        free(frame);
}

void client_send(struct client *client, struct str payload)
{
    if (client->alive && client->upgraded && !uv_is_closing((uv_handle_t *)&client->tcp))
        send_frame(client, client->text ? OP_TEXT : OP_BINARY, payload);
}

/* ---- reading ---- */

static void take_frame(struct client *client, uint8_t first, struct str payload)
{
    const uint8_t *p = (const uint8_t *)payload.p;
    switch (first) {
    case 0x80 | OP_TEXT:
    case 0x80 | OP_BINARY:
        if (client->text != (first == (0x80 | OP_TEXT)))
            client_close(client, 1003);
        else
            client->hooks->on_message(client, payload);
        break;
    case 0x80 | OP_PING:
        send_frame(client, OP_PONG, payload);
        break;
    case 0x80 | OP_PONG:
        break;
    case 0x80 | OP_CLOSE:
        client_close(client, payload.n >= 2 ? p[0] << 8 | p[1] : 1005);
        break;
    default: /* fragments, reserved bits, unknown opcodes: the gateway sends none */
        client_close(client, 1002);
    }
}

/* The first whole frame of `bytes` and its size; 0 when there is none yet. */
static size_t frame_size(struct str bytes, struct str *out_payload)
{
    const uint8_t *p = (const uint8_t *)bytes.p;
    size_t header = 2;
    if (bytes.n < 2)
        return 0;
    uint64_t n = p[1] & 0x7f; /* servers do not mask */
    if (n >= 126) {
        unsigned width = n == 126 ? 2 : 8;
        header += width;
        if (bytes.n < header)
            return 0;
        n = 0;
        for (unsigned i = 0; i < width; i++)
            n = n << 8 | p[2 + i];
    }
    if (n > bytes.n - header)
        return 0;
    *out_payload = (struct str){ bytes.p + header, (size_t)n };
    return header + (size_t)n;
}

/* Take the answer to the upgrade; returns its size, 0 when it is not whole yet. */
static size_t take_upgrade(struct client *client, struct str bytes)
{
    const char *end = memmem(bytes.p, bytes.n, "\r\n\r\n", 4);
    if (!end)
        return 0;
    size_t n = (size_t)(end + 4 - bytes.p);
    if (n < 12 || strncmp(bytes.p, "HTTP/1.1 101", 12) != 0 || !memmem(bytes.p, n, ACCEPT, strlen(ACCEPT))) {
        client_close(client, 1006);
        return n;
    }
    client->upgraded = true;
    client->hooks->on_open(client);
    return n;
}

static size_t take_bytes(struct client *client, struct str bytes)
{
    size_t done = 0;
    while (done < bytes.n && !uv_is_closing((uv_handle_t *)&client->tcp)) {
        struct str rest = { bytes.p + done, bytes.n - done }, payload;
        bool framed = client->upgraded;
        size_t n = framed ? frame_size(rest, &payload) : take_upgrade(client, rest);
        if (n == 0)
            break;
        if (framed)
            take_frame(client, (uint8_t)rest.p[0], payload);
        done += n;
    }
    return done;
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *memory)
{
    struct client *client = stream->data;
    if (n < 0) {
        client_close(client, 1006);
        return;
    }
    struct str bytes = { memory->base, (size_t)n };
    bool kept = client->in.len > 0;
    if (kept) {
        buf_put_str(&client->in, bytes);
        bytes = buf_str(&client->in);
    }
    size_t done = take_bytes(client, bytes);
    if (kept) {
        memmove(client->in.data, client->in.data + done, client->in.len - done);
        client->in.len -= done;
    } else {
        buf_put(&client->in, bytes.p + done, bytes.n - done);
    }
    if (client->in.failed)
        client_close(client, 1009);
}

static void on_memory(uv_handle_t *handle, size_t wanted, uv_buf_t *out)
{
    (void)handle;
    (void)wanted;
    *out = uv_buf_init(read_memory, sizeof(read_memory));
}

/* ---- the beginning ---- */

static void on_connected(uv_connect_t *request, int status)
{
    struct client *client = request->handle->data;
    const struct str *http = request->data;
    if (status < 0 || uv_read_start((uv_stream_t *)&client->tcp, on_memory, on_read)) {
        client_close(client, 1006);
        return;
    }
    write_bytes(client, http->p, http->n);
}

void client_open(struct client *client, uv_loop_t *loop, const struct sockaddr *address, const struct str *request,
                 bool text)
{
    client->alive = true;
    client->text = text;
    uv_tcp_init(loop, &client->tcp);
    client->tcp.data = client;
    client->connecting.data = (void *)(uintptr_t)request;
    if (uv_tcp_connect(&client->connecting, &client->tcp, address, on_connected)) {
        client_close(client, 1006);
        return;
    }
    uv_tcp_nodelay(&client->tcp, 1);
}
