/* redis_uv.c - the adapter that hiredis 0.14's own one is not: errors are never swallowed, and the poll mask is only
 * touched when it changes (each uv_poll_start costs two system calls).
 */
#include "redis_uv.h"

#include <stdlib.h>

struct link {
    redisAsyncContext *context;
    uv_poll_t poll;
    int mask;
};

static void on_poll(uv_poll_t *poll, int status, int events)
{
    struct link *link = poll->data;
    /* libuv has stopped the watcher on an error: let hiredis read, fail and clean up */
    if (status < 0) {
        link->mask = 0;
        events = UV_READABLE;
    }
    if (link->context && (events & (UV_READABLE | UV_DISCONNECT)))
        redisAsyncHandleRead(link->context);
    if (link->context && (events & UV_WRITABLE))
        redisAsyncHandleWrite(link->context);
}

static void set_mask(struct link *link, int mask)
{
    if (mask == link->mask)
        return;
    link->mask = mask;
    if (mask)
        uv_poll_start(&link->poll, mask, on_poll);
    else
        uv_poll_stop(&link->poll);
}

static void add_read(void *data)
{
    struct link *link = data;
    set_mask(link, link->mask | UV_READABLE | UV_DISCONNECT);
}

static void del_read(void *data)
{
    struct link *link = data;
    set_mask(link, link->mask & ~(UV_READABLE | UV_DISCONNECT));
}

static void add_write(void *data)
{
    struct link *link = data;
    set_mask(link, link->mask | UV_WRITABLE);
}

static void del_write(void *data)
{
    struct link *link = data;
    set_mask(link, link->mask & ~UV_WRITABLE);
}

static void on_closed(uv_handle_t *handle)
{
    free(handle->data);
}

static void cleanup(void *data)
{
    struct link *link = data;
    link->context = NULL;
    uv_close((uv_handle_t *)&link->poll, on_closed);
}

int redis_uv_attach(redisAsyncContext *context, uv_loop_t *loop)
{
    struct link *link = calloc(1, sizeof *link);
    if (!link)
        abort();
    int error = uv_poll_init(loop, &link->poll, context->c.fd);
    if (error) {
        free(link);
        return error;
    }
    link->poll.data = link;
    link->context = context;
    context->ev.data = link;
    context->ev.addRead = add_read;
    context->ev.delRead = del_read;
    context->ev.addWrite = add_write;
    context->ev.delWrite = del_write;
    context->ev.cleanup = cleanup;
    return 0;
}
