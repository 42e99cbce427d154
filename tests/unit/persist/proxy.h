/* proxy.h - a socket between the store and PostgreSQL that can swallow the answers: the network in the worst moment. */
#ifndef TEST_PERSIST_PROXY_H
#define TEST_PERSIST_PROXY_H

#include <stdbool.h>

struct proxy;

/* `server` is the path of PostgreSQL's socket; connect to host=`folder`, port 5432. */
struct proxy *proxy_open(const char *folder, const char *server);
/* From now on nothing comes back; what is sent still arrives. */
void proxy_swallow(struct proxy *proxy, bool on);
void proxy_close(struct proxy *proxy);

#endif
