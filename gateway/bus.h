/* bus.h - Redis pub/sub between workers: a wire, nothing else (D8).
 *
 * Two connections per server: one that publishes, one that is subscribed, always at least to this worker's own control
 * channel, to which it sends itself a nonce every second: that proves the whole path. A room's channel belongs to one of
 * the servers by rendezvous hashing. Whatever is lost here is found again by the seq check (hub.c).
 */
#ifndef GATEWAY_BUS_H
#define GATEWAY_BUS_H

#include "lectern/base.h"
#include "wire/wire.h"

struct bus;
struct worker;

/* Connects by itself, now or later; no URLs: a bus that is always down. Never NULL. Messages go to hub_bus_message, changes of health to hub_bus_state. */
struct bus *bus_open(struct worker *worker);
void bus_close(struct bus *bus);
void bus_join(struct bus *bus, uint64_t room);
void bus_leave(struct bus *bus, uint64_t room);
void bus_publish(struct bus *bus, const struct bus_message *message);
bool bus_is_up(const struct bus *bus); /* every server's path works */

#endif
