/* origin.h - is the page that asks one of ours? The one rule, for the WebSocket and for what changes something over HTTP. */
#ifndef GATEWAY_ORIGIN_H
#define GATEWAY_ORIGIN_H

#include "config.h"
#include "lectern/base.h"

/* Is `origin` (not empty) scheme://host of the request itself, public_url's, or in allowed_origins? Whole and exact. */
bool origin_is_ours(const struct config *config, bool secure, struct str host, struct str origin);

#endif
