/* auth.c - see auth.h. HMAC-SHA-256 (RFC 2104), scrypt (RFC 7914), base64url (RFC 4648 section 5); all by OpenSSL. */
#include "auth.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>

#define MAC_SIZE 16
#define SCRYPT_LOG2_N 15
#define SCRYPT_R 8
#define SCRYPT_P 3
#define SCRYPT_MEMORY (64u << 20)
#define SALT_SIZE 16
#define KEY_SIZE 32

void auth_random(void *out, size_t n)
{
    if (RAND_bytes(out, (int)n) != 1)
        abort();
}

static void mac(const struct auth *auth, const char *purpose, const void *bytes, size_t n, uint8_t out[32])
{
    uint8_t message[256];
    size_t p = strlen(purpose) + 1;
    if (p + n > sizeof message)
        abort();
    memcpy(message, purpose, p);
    memcpy(message + p, bytes, n);
    unsigned length = 32;
    if (!HMAC(EVP_sha256(), auth->key, sizeof auth->key, message, p + n, out, &length))
        abort();
}

/* ---- text ---- */

static void put_base64url(const uint8_t *bytes, size_t n, char *out)
{
    int length = EVP_EncodeBlock((unsigned char *)out, bytes, (int)n);
    while (length > 0 && out[length - 1] == '=')
        length--;
    out[length] = '\0';
    for (int i = 0; i < length; i++)
        out[i] = out[i] == '+' ? '-' : out[i] == '/' ? '_' : out[i];
}

/* Exactly `n` bytes, at most 48; false for anything else. */
static bool read_base64url(struct str text, uint8_t *out, size_t n)
{
    unsigned char padded[68], bytes[51];
    if (text.n != (n * 4 + 2) / 3 || text.n > 64)
        return false;
    size_t length = text.n;
    for (size_t i = 0; i < length; i++) {
        char c = text.p[i];
        if (c == '+' || c == '/' || c == '=')
            return false;
        padded[i] = (unsigned char)(c == '-' ? '+' : c == '_' ? '/' : c);
    }
    while (length % 4)
        padded[length++] = '=';
    if (EVP_DecodeBlock(bytes, padded, (int)length) < (int)n)
        return false;
    memcpy(out, bytes, n);
    return true;
}

static void put_hex(const uint8_t *bytes, size_t n, char *out)
{
    for (size_t i = 0; i < n; i++)
        snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}

void auth_token_make(char out[AUTH_TOKEN_TEXT])
{
    uint8_t bytes[32];
    auth_random(bytes, sizeof bytes);
    put_base64url(bytes, sizeof bytes, out);
}

void auth_token_hash(struct str token, char out[65])
{
    uint8_t digest[32];
    SHA256((const unsigned char *)token.p, token.n, digest);
    put_hex(digest, sizeof digest, out);
}

/* ---- visitors and grants ---- */

static bool read_visitor(const struct auth *auth, struct str token, uint8_t out[16])
{
    uint8_t bytes[16 + MAC_SIZE], expected[32];
    if (!read_base64url(token, bytes, sizeof bytes))
        return false;
    mac(auth, "visitor", bytes, 16, expected);
    if (CRYPTO_memcmp(expected, bytes + 16, MAC_SIZE) != 0)
        return false;
    memcpy(out, bytes, 16);
    return true;
}

void auth_visitor_make(const struct auth *auth, uint8_t out_visitor[16], char out_token[AUTH_TOKEN_TEXT])
{
    uint8_t bytes[16 + MAC_SIZE], full[32];
    auth_random(bytes, 16);
    mac(auth, "visitor", bytes, 16, full);
    memcpy(bytes + 16, full, MAC_SIZE);
    memcpy(out_visitor, bytes, 16);
    put_base64url(bytes, sizeof bytes, out_token);
}

/* link and room, signed together, so that a grant for one room says nothing in another */
static void grant_bytes(const struct auth *auth, uint64_t room, uint64_t link, uint8_t out[8 + MAC_SIZE])
{
    uint8_t signed_part[16], full[32];
    for (int i = 0; i < 8; i++) {
        signed_part[i] = (uint8_t)(link >> (56 - 8 * i));
        signed_part[8 + i] = (uint8_t)(room >> (56 - 8 * i));
    }
    mac(auth, "grant", signed_part, sizeof signed_part, full);
    memcpy(out, signed_part, 8);
    memcpy(out + 8, full, MAC_SIZE);
}

static uint64_t read_grant(const struct auth *auth, struct str value, uint64_t room)
{
    uint8_t bytes[8 + MAC_SIZE], expected[8 + MAC_SIZE];
    uint64_t link = 0;
    if (!read_base64url(value, bytes, sizeof bytes))
        return 0;
    for (int i = 0; i < 8; i++)
        link = link << 8 | bytes[i];
    grant_bytes(auth, room, link, expected);
    return CRYPTO_memcmp(expected, bytes, sizeof bytes) == 0 ? link : 0;
}

/* ---- cookies ---- */

static const char *prefix(const struct auth *auth)
{
    return auth->secure ? "__Host-" : "";
}

/* The value of the cookie called prefix + name. */
static struct str find_cookie(const struct auth *auth, struct str header, const char *name)
{
    char full[80];
    size_t n = (size_t)snprintf(full, sizeof full, "%s%s=", prefix(auth), name);
    for (size_t i = 0; i < header.n;) {
        while (i < header.n && (header.p[i] == ' ' || header.p[i] == ';'))
            i++;
        size_t end = i;
        while (end < header.n && header.p[end] != ';')
            end++;
        if (end - i >= n && memcmp(header.p + i, full, n) == 0)
            return (struct str){ header.p + i + n, end - i - n };
        i = end;
    }
    return (struct str){ 0 };
}

void auth_identify(const struct auth *auth, struct str cookie, struct str token, uint64_t room, struct identity *out)
{
    char name[48];
    *out = (struct identity){ 0 };
    struct str visitor = find_cookie(auth, cookie, "lectern"), login = find_cookie(auth, cookie, "lectern_login");
    out->has_visitor = read_visitor(auth, visitor, out->visitor) || read_visitor(auth, token, out->visitor);
    if (login.n > 0 && login.n < AUTH_TOKEN_TEXT) {
        out->has_login = true;
        auth_token_hash(login, out->login_hash);
    }
    snprintf(name, sizeof name, "lectern_grant_%llu", (unsigned long long)room);
    if (room)
        out->link = read_grant(auth, find_cookie(auth, cookie, name), room);
}

uint64_t auth_participant(const struct auth *auth, const struct identity *identity, uint64_t account, uint64_t room)
{
    uint8_t bytes[33] = { account ? 1 : 0 }, full[32];
    if (account)
        memcpy(bytes + 1, &account, sizeof account);
    else
        memcpy(bytes + 1, identity->visitor, sizeof identity->visitor);
    memcpy(bytes + 17, &room, sizeof room);
    mac(auth, "participant", bytes, sizeof bytes, full);
    uint64_t participant = 0;
    for (int i = 0; i < 8; i++)
        participant = participant << 8 | full[i];
    participant &= LECTERN_ID_MAX;
    return participant ? participant : 1;
}

static void put_cookie(const struct auth *auth, const char *name, const char *value, long max_age, struct buf *out)
{
    buf_printf(out, "%s%s=%s; Path=/; Max-Age=%ld; HttpOnly; SameSite=Lax%s", prefix(auth), name, value, max_age,
               auth->secure ? "; Secure" : "");
}

void auth_cookie_visitor(const struct auth *auth, const char *token, struct buf *out)
{
    put_cookie(auth, "lectern", token, 400L * 86400, out);
}

void auth_cookie_login(const struct auth *auth, const char *token, int days, struct buf *out)
{
    put_cookie(auth, "lectern_login", token, *token ? days * 86400L : 0, out);
}

void auth_cookie_grant(const struct auth *auth, uint64_t room, uint64_t link, struct buf *out)
{
    uint8_t bytes[8 + MAC_SIZE];
    char name[48], value[AUTH_TOKEN_TEXT];
    grant_bytes(auth, room, link, bytes);
    put_base64url(bytes, sizeof bytes, value);
    snprintf(name, sizeof name, "lectern_grant_%llu", (unsigned long long)room);
    put_cookie(auth, name, value, 90L * 86400, out);
}

/* ---- passwords ---- */

static bool derive(struct str password, const uint8_t salt[SALT_SIZE], unsigned log2_n, unsigned r, unsigned p, uint8_t out[KEY_SIZE])
{
    /* OpenSSL's own memory limit is too low for these parameters: it must be told */
    return EVP_PBE_scrypt(password.p, password.n, salt, SALT_SIZE, UINT64_C(1) << log2_n, r, p, SCRYPT_MEMORY, out, KEY_SIZE) == 1;
}

bool auth_password_hash(struct str password, char out[160])
{
    uint8_t salt[SALT_SIZE], key[KEY_SIZE];
    char salt_text[AUTH_TOKEN_TEXT], key_text[AUTH_TOKEN_TEXT];
    auth_random(salt, sizeof salt);
    if (!derive(password, salt, SCRYPT_LOG2_N, SCRYPT_R, SCRYPT_P, key))
        return false;
    put_base64url(salt, sizeof salt, salt_text);
    put_base64url(key, sizeof key, key_text);
    snprintf(out, 160, "scrypt$%d$%d$%d$%s$%s", SCRYPT_LOG2_N, SCRYPT_R, SCRYPT_P, salt_text, key_text);
    return true;
}

bool auth_password_check(struct str password, const char *hash)
{
    unsigned log2_n = SCRYPT_LOG2_N, r = SCRYPT_R, p = SCRYPT_P;
    char salt_text[64] = "", key_text[64] = "";
    uint8_t salt[SALT_SIZE] = { 0 }, expected[KEY_SIZE] = { 0 }, key[KEY_SIZE];
    bool known = hash && sscanf(hash, "scrypt$%2u$%2u$%2u$%63[^$]$%63s", &log2_n, &r, &p, salt_text, key_text) == 5 &&
                 read_base64url(str_of(salt_text), salt, sizeof salt) && read_base64url(str_of(key_text), expected, sizeof expected);
    if (!known || log2_n > 20 || r > 32 || p > 16)
        log2_n = SCRYPT_LOG2_N, r = SCRYPT_R, p = SCRYPT_P;
    bool derived = derive(password, salt, log2_n, r, p, key);
    bool equal = CRYPTO_memcmp(key, expected, sizeof key) == 0;
    return known && derived && equal;
}
