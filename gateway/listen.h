/* listen.h - our own listening socket: every worker has one on the same port (SO_REUSEPORT). */
#ifndef GATEWAY_LISTEN_H
#define GATEWAY_LISTEN_H

#include "worker.h"

struct listener;

/* true when the configured address can be bound; otherwise one plain line in `error`. */
bool listen_probe(const struct config *config, char *error, size_t error_size);
/* Bind and accept; NULL when the address cannot be bound (logged). */
struct listener *listen_open(struct worker *worker);
/* Accept no more; the counts stay. */
void listen_stop(struct listener *listener);
/* Stop, and free everything in the next turn of the loop. */
void listen_close(struct listener *listener);
/* A connection of this address was accepted or has ended: false when the address has as many as it may. */
bool listen_count(struct listener *listener, const char *address, int change);

#endif
