/* http.c - who answers which path: health and metrics, the API, assets, pages. Tables rather than branches. */
#include "http.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "assets.h"
#include "bus.h"
#include "exchange.h"

void http_security_headers(const struct http_exchange *exchange, struct buf *out)
{
    const struct config *config = exchange->worker->config;
    buf_printf(out,
               "content-security-policy: default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
               "connect-src 'self' ws: wss:; object-src 'none'; base-uri 'none'; form-action 'self'; "
               "frame-ancestors %s\r\n"
               "x-content-type-options: nosniff\r\nreferrer-policy: no-referrer\r\n"
               "cross-origin-opener-policy: same-origin\r\n",
               config->frame_ancestors);
    if (exchange->request.secure)
        buf_put_str(out, STR("strict-transport-security: max-age=31536000\r\n"));
}

static void answer_text(struct http_exchange *exchange, int status, struct str text)
{
    http_header(exchange, "cache-control", "no-store");
    http_respond(exchange, status, "text/plain; charset=utf-8", text);
}

static void answer_healthz(struct http_exchange *exchange)
{
    answer_text(exchange, 200, STR("ok\n"));
}

static void answer_readyz(struct http_exchange *exchange)
{
    const struct worker *worker = http_worker(exchange);
    if (worker_is_ready(worker)) {
        answer_text(exchange, 200, STR("ready\n"));
        return;
    }
    char reasons[64];
    snprintf(reasons, sizeof reasons, "%s%s%s\n", worker->draining ? "draining " : "",
             store_is_up(worker->store) ? "" : "database ", bus_is_up(worker->bus) ? "" : "redis ");
    answer_text(exchange, 503, str_of(reasons));
}

static void answer_metrics(struct http_exchange *exchange)
{
    struct buf text;
    buf_init(&text, 262144);
    metrics_print(http_worker(exchange)->metrics, &text);
    http_header(exchange, "cache-control", "no-store");
    http_respond(exchange, 200, "text/plain; version=0.0.4; charset=utf-8", buf_str(&text));
    buf_release(&text);
}

static const struct { const char *path; void (*answer)(struct http_exchange *exchange); } own_paths[] = {
    { "/healthz", answer_healthz }, { "/readyz", answer_readyz }, { "/metrics", answer_metrics },
};

/* ---- assets ---- */

static bool text_holds(struct str text, const char *word)
{
    return text.n && memmem(text.p, text.n, word, strlen(word)) != NULL;
}

/* Is the coding in Accept-Encoding, and not with q=0 (RFC 9110 section 12.5.3)? */
static bool accepts(struct str list, const char *coding)
{
    size_t length = strlen(coding);
    for (size_t i = 0, end; i < list.n; i = end + 1) {
        for (end = i; end < list.n && list.p[end] != ',';)
            end++;
        while (i < end && list.p[i] == ' ')
            i++;
        struct str rest = { list.p + i + length, end - i - length };
        if (end - i < length || strncasecmp(list.p + i, coding, length) != 0 || (rest.n && rest.p[0] != ';' && rest.p[0] != ' '))
            continue;
        const char *q = rest.n ? memmem(rest.p, rest.n, "q=0", 3) : NULL;
        for (q = q ? q + 3 : NULL; q && q < rest.p + rest.n && (*q == '.' || *q == '0');)
            q++;
        return !q || (q < rest.p + rest.n && *q >= '1' && *q <= '9');
    }
    return false;
}

static const struct str *choose_body(struct http_exchange *exchange, const struct asset *asset)
{
    static const struct { enum asset_coding coding; const char *word; } choices[] = {
        { ASSET_BROTLI, "br" }, { ASSET_GZIP, "gzip" },
    };
    for (size_t i = 0; i < LECTERN_COUNT(choices); i++) {
        const struct str *body = &asset->bodies[choices[i].coding];
        if (body->p && accepts(exchange->request.accept_encoding, choices[i].word)) {
            http_header(exchange, "content-encoding", choices[i].word);
            return body;
        }
    }
    return &asset->bodies[ASSET_PLAIN];
}

static void answer_asset(struct http_exchange *exchange, const struct asset *asset, const char *caching)
{
    http_header(exchange, "cache-control", caching);
    http_header(exchange, "etag", asset->etag);
    http_header(exchange, "vary", "accept-encoding");
    if (text_holds(exchange->request.if_none_match, strchr(asset->etag, '"'))) /* W/ does not count when comparing */
        http_respond_static(exchange, 304, asset->type, STR(""));
    else
        http_respond_static(exchange, 200, asset->type, *choose_body(exchange, asset));
}

/* ---- pages: one document, which looks at its address itself ---- */

static bool is_page(struct str path)
{
    static const struct { struct str path; bool prefix; } pages[] = {
        { { "/", 1 }, false },         { { "/s/", 3 }, true },      { { "/organize", 9 }, false },
        { { "/organize/", 10 }, true }, { { "/sign-in", 8 }, false }, { { "/setup/", 7 }, true },
    };
    for (size_t i = 0; i < LECTERN_COUNT(pages); i++) {
        struct str page = pages[i].path;
        if (pages[i].prefix ? path.n > page.n && memcmp(path.p, page.p, page.n) == 0 : str_equal(path, page))
            return true;
    }
    return false;
}

/* A browser without a (valid) visitor cookie becomes a visitor with its first page. */
static void give_visitor(struct http_exchange *exchange)
{
    const struct auth *auth = &http_worker(exchange)->auth;
    struct identity identity;
    auth_identify(auth, exchange->request.cookie, STR(""), 0, &identity);
    if (identity.has_visitor)
        return;
    uint8_t visitor[16];
    char token[AUTH_TOKEN_TEXT];
    struct buf cookie;
    buf_init(&cookie, 512);
    auth_visitor_make(auth, visitor, token);
    auth_cookie_visitor(auth, token, &cookie);
    buf_put_byte(&cookie, 0);
    http_header(exchange, "set-cookie", (const char *)cookie.data);
    buf_release(&cookie);
}

static void answer_page(struct http_exchange *exchange)
{
    const struct asset *page = assets_find(http_worker(exchange)->assets, STR("/index.html"));
    if (!page) {
        answer_text(exchange, 503, STR("The pages of this server are not installed (web_root).\n"));
        return;
    }
    give_visitor(exchange);
    answer_asset(exchange, page, "no-cache");
}

/* No such thing. An address that looks like a page gets the document, which says so in the reader's language. */
static void answer_nothing(struct http_exchange *exchange)
{
    struct str path = exchange->request.path;
    const char *name = memrchr(path.p, '/', path.n);
    const struct asset *page = assets_find(http_worker(exchange)->assets, STR("/index.html"));
    http_header(exchange, "cache-control", "no-store");
    if (page && name && !memchr(name, '.', (size_t)(path.p + path.n - name))) {
        http_header(exchange, "vary", "accept-encoding");
        http_respond_static(exchange, 404, page->type, *choose_body(exchange, page));
        return;
    }
    http_respond(exchange, 404, "text/html; charset=utf-8",
                 STR("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Not found</title>"
                     "<h1>Not found</h1><p>There is no such page. <a href=\"/\">Start page</a></p></html>\n"));
}

static void answer_path(struct http_exchange *exchange)
{
    struct str path = exchange->request.path;
    const struct asset *asset = assets_find(http_worker(exchange)->assets, path);
    if (str_equal(path, STR("/index.html")) || (!asset && is_page(path)))
        answer_page(exchange);
    else if (asset)
        answer_asset(exchange, asset, asset->immutable ? "public, max-age=31536000, immutable" : "no-cache");
    else
        answer_nothing(exchange);
}

void http_dispatch(struct http_exchange *exchange)
{
    const struct http_request *request = &exchange->request;
    for (size_t i = 0; i < LECTERN_COUNT(own_paths); i++) {
        if (str_equal(request->path, str_of(own_paths[i].path))) {
            own_paths[i].answer(exchange);
            return;
        }
    }
    if (api_dispatch(exchange))
        return;
    if (request->method == HTTP_GET || request->method == HTTP_HEAD) {
        answer_path(exchange);
        return;
    }
    http_header(exchange, "allow", "GET, HEAD");
    answer_text(exchange, 405, STR("Method not allowed\n"));
}
