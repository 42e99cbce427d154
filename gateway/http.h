/* http.h - one HTTP request and its answer, independent of libwebsockets.
 *
 * The edge (ws.c) collects the request and its whole body, then calls http_dispatch: health, metrics, assets and pages
 * are answered here; /api/v1 and the few links that set cookies go to api.c. An exchange outlives its connection: it is
 * counted, and answering one whose client has gone is harmless.
 */
#ifndef GATEWAY_HTTP_H
#define GATEWAY_HTTP_H

#include "lectern/buf.h"

struct worker;

enum http_method { HTTP_GET, HTTP_HEAD, HTTP_POST, HTTP_PATCH, HTTP_DELETE, HTTP_OTHER };

#define HTTP_BODY_MAX 65536

struct http_request {
    enum http_method method;
    struct str path;    /* decoded, begins with / */
    struct str query;   /* raw, without ? */
    struct str host;    /* Host header */
    struct str cookie, origin, content_type, user_agent, accept_encoding, if_none_match;
    struct str csrf;    /* X-Lectern header */
    struct str address; /* of the client, X-Forwarded-For honoured from trusted proxies only */
    struct str body;
    bool secure; /* the client speaks https (public_url, or X-Forwarded-Proto from a trusted proxy) */
};

struct http_exchange; /* opaque; made by the edge */

const struct http_request *http_request(const struct http_exchange *exchange);
struct worker *http_worker(const struct http_exchange *exchange);

/* Add a response header (name in lower case). Before the answer begins. Loop's thread. */
void http_header(struct http_exchange *exchange, const char *name, const char *value);
/* Answer and be done with it: copies `body`. Security headers are added by the edge. Loop's thread, exactly once per
 * exchange unless a stream is used instead; the exchange must not be touched afterwards. */
void http_respond(struct http_exchange *exchange, int status, const char *content_type, struct str body);
/* The same for bytes that live as long as the process (assets). */
void http_respond_static(struct http_exchange *exchange, int status, const char *content_type, struct str body);

/* Answer in pieces of unknown total: begin on the loop, then write and end on one pool thread. http_stream_write blocks
 * while the client is slow (at most 256 KiB wait) and returns false once the client has gone. */
void http_stream_begin(struct http_exchange *exchange, int status, const char *content_type);
bool http_stream_write(struct http_exchange *exchange, struct str chunk);
void http_stream_end(struct http_exchange *exchange);

/* Answer the request, now or later. Called by the edge on the loop's thread. */
void http_dispatch(struct http_exchange *exchange);

/* api.c: true when the path is one of its own (it then answers). */
bool api_dispatch(struct http_exchange *exchange);

#endif
