/* support.h - samples of every message, made from the shapes. */
#ifndef LECTERN_TESTS_WIRE_SUPPORT_H
#define LECTERN_TESTS_WIRE_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "wire/shape.h"
#include "wire/wire.h"

#define ARENA_CHUNK 4096u
#define ARENA_MAX (16u << 20)
#define BUF_MAX (1u << 20)

/* Two samples of each message: everything filled in, and everything at its edge (empty, nil, greatest, negative). */
enum sample { SAMPLE_FULL, SAMPLE_EDGE, SAMPLE_COUNT };

#define CLIENT_SAMPLES ((size_t)CLIENT_COMMAND + COMMAND_COUNT)

/* The i-th client message: first the messages, then the commands. */
void sample_client(struct arena *arena, enum sample sample, size_t i, struct client_message *out);
void sample_server(struct arena *arena, enum sample sample, size_t i, struct server_message *out);
void sample_event(struct arena *arena, enum sample sample, size_t i, struct room_event *out);

#endif
