/* auth.h - who somebody is: signed cookies and tokens, participants, password hashes. No database, no sockets.
 *
 * A visitor is a browser: a random 128-bit id, signed with HMAC-SHA-256 under the key that all gateways share, so that it
 * is checked without a database. A participant is a person in one room: derived from the visitor (or the account) and
 * the room, so that the same person cannot be followed from room to room. A login is a random 256-bit token of which the
 * database keeps the SHA-256. A grant is a signed cookie that says which role link a browser has opened.
 */
#ifndef GATEWAY_AUTH_H
#define GATEWAY_AUTH_H

#include "lectern/buf.h"

#define AUTH_TOKEN_TEXT 64 /* bytes that hold any token as text, with its NUL */

struct auth {
    uint8_t key[32];
    bool secure; /* cookies are Secure and carry the __Host- prefix */
};

struct identity {
    bool has_visitor;
    uint8_t visitor[16];
    bool has_login;
    char login_hash[65]; /* SHA-256 of the login token in hexadecimal; the database knows whether it is valid */
    uint64_t link;       /* id of the role link granted for the room asked about; 0: none */
};

/* Read the Cookie header (and, when it names no visitor, the visitor token of a client without cookies) with respect to
 * one room (0: none). Forged or malformed values are as if absent. Constant-time comparison. */
void auth_identify(const struct auth *auth, struct str cookie, struct str token, uint64_t room, struct identity *out);

/* A new visitor; its signed token as text (for the cookie, or `welcome` for clients without cookies). */
void auth_visitor_make(const struct auth *auth, uint8_t out_visitor[16], char out_token[AUTH_TOKEN_TEXT]);

/* The participant of this identity in `room`: by account when `account` is not 0, else by visitor. 1 to LECTERN_ID_MAX. */
uint64_t auth_participant(const struct auth *auth, const struct identity *identity, uint64_t account, uint64_t room);

/* Set-Cookie values, ready for the header. */
void auth_cookie_visitor(const struct auth *auth, const char *token, struct buf *out);
void auth_cookie_login(const struct auth *auth, const char *token, int days, struct buf *out); /* "" ends it */
void auth_cookie_grant(const struct auth *auth, uint64_t room, uint64_t link, struct buf *out);

/* 32 random bytes as text, and the SHA-256 of a token in hexadecimal. */
void auth_token_make(char out[AUTH_TOKEN_TEXT]);
void auth_token_hash(struct str token, char out[65]);

void auth_random(void *out, size_t n); /* aborts when the system has no randomness */

/* scrypt with N=2^15, r=8, p=3 and its parameters in the text: scrypt$15$8$3$salt$hash. Slow (about 0.3 s): pool threads
 * only. */
LECTERN_MUSTCHECK bool auth_password_hash(struct str password, char out[160]);
/* Takes as long for an unknown account: pass `hash` NULL. */
bool auth_password_check(struct str password, const char *hash);

#endif
