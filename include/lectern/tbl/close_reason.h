/* close_reason.h - every way the server ends a connection: X(C_NAME, word, code, retry_ms, text).
 *
 * `code` is the WebSocket close code (RFC 6455 section 7.4; 4000 to 4999 are ours). `retry_ms` says whether and when
 * to come back: -1 never, otherwise the client waits a random time up to retry_ms (full jitter) and then backs off.
 * Codes from 4500 on are all "never", so that a client which does not know a new code still does the right thing.
 */
#ifndef LECTERN_TBL_CLOSE_REASON_H
#define LECTERN_TBL_CLOSE_REASON_H

#define LECTERN_CLOSE_REASONS(X) \
    X(NORMAL, normal, 1000, -1, "the client left") \
    X(DRAIN, drain, 1001, 5000, "this server is going away; another one is ready") \
    X(PROTOCOL, protocol, 1002, -1, "the client broke the protocol") \
    X(TOO_LARGE, too_large, 1009, -1, "the message was too large") \
    X(INTERNAL, internal, 1011, 5000, "the server failed") \
    X(SLOW, slow, 4001, 2000, "the connection could not keep up") \
    X(SILENT, silent, 4002, 1000, "nothing was heard from the client") \
    X(NO_HELLO, no_hello, 4003, 5000, "the client did not introduce itself in time") \
    X(ROLE_CHANGED, role_changed, 4004, 500, "the rights of this person changed") \
    X(OVERLOAD, overload, 4005, 15000, "the server has no room left for this connection") \
    X(FLOOD, flood, 4006, 30000, "the client sent too much") \
    X(UNAVAILABLE, unavailable, 4007, 3000, "the database cannot be reached") \
    X(NO_SESSION, no_session, 4500, -1, "no session has this code") \
    X(NOT_ALLOWED, not_allowed, 4501, -1, "this page is for another role") \
    X(VERSION, version, 4502, -1, "the client is too old; load the page again")

#endif
