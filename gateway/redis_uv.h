/* redis_uv.h - a hiredis connection on a libuv loop. */
#ifndef GATEWAY_REDIS_UV_H
#define GATEWAY_REDIS_UV_H

#include <hiredis/async.h>
#include <uv.h>

/* Let the loop drive `context`. The adapter is freed with the context. 0, or a libuv error. */
int redis_uv_attach(redisAsyncContext *context, uv_loop_t *loop);

#endif
