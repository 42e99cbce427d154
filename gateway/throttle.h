/* throttle.h - slows guessing down: passwords and join codes, counted per worker in a table of fixed size.
 *
 * Only failures count. Nobody can lock somebody else out: an account is closed for the address that guesses, long before it
 * is closed for all; and a hall behind one address goes on joining the room that runs while somebody there tries out codes.
 * IPv6 addresses count as their /64. Any thread.
 */
#ifndef GATEWAY_THROTTLE_H
#define GATEWAY_THROTTLE_H

#include "lectern/base.h"

struct throttle;

enum throttle_kind {
    THROTTLE_MAIL_HERE,  /* wrong passwords for one mail address from one address */
    THROTTLE_MAIL,       /* … from anywhere */
    THROTTLE_ADDRESS,    /* … for any mail address from one address */
    THROTTLE_PASSWORD,   /* wrong present passwords of somebody who is signed in and wants a new one */
    THROTTLE_CODE,       /* unknown join codes from one address: beyond it the database is not asked */
    THROTTLE_CODE_FLOOD, /* … beyond it nothing is answered */
    THROTTLE_KIND_COUNT
};

struct throttle *throttle_open(void); /* never NULL */
void throttle_free(struct throttle *throttle);

/* Has this key failed too often lately? `text` may be "" where `address` says it all, and the other way round. */
bool throttle_full(struct throttle *throttle, enum throttle_kind kind, const char *text, const char *address);
/* It has failed once more. */
void throttle_count(struct throttle *throttle, enum throttle_kind kind, const char *text, const char *address);

#endif
