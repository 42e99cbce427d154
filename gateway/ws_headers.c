/* ws_headers.c - what a request says of itself and of who sends it: headers, addresses, origins. */
#include "ws_internal.h"

#include <stdio.h>
#include <strings.h>

#include "origin.h"

size_t ws_header(struct lws *wsi, enum lws_token_indexes token, char *out, size_t size)
{
    int n = lws_hdr_copy(wsi, out, (int)size, token);
    if (n <= 0)
        out[0] = 0;
    return n > 0 ? (size_t)n : 0;
}

static size_t copy_custom(struct lws *wsi, const char *name, char *out, size_t size)
{
    int n = lws_hdr_custom_copy(wsi, out, (int)size, name, (int)strlen(name));
    if (n <= 0)
        out[0] = 0;
    return n > 0 ? (size_t)n : 0;
}

static const struct config *config_of(struct lws *wsi)
{
    return ((const struct worker *)lws_context_user(lws_get_context(wsi)))->config;
}

static const char *peer_address(struct lws *wsi)
{
    const struct socket_info *info = lws_get_opaque_user_data(wsi);
    return info ? info->address : "";
}

/* The client's address: the last one a trusted proxy has added. */
void ws_client_address(struct lws *wsi, char out[48])
{
    char list[512];
    const struct config *config = config_of(wsi);
    snprintf(out, 48, "%s", peer_address(wsi));
    if (!config_word_in(config->trusted_proxies, out) || !ws_header(wsi, WSI_TOKEN_X_FORWARDED_FOR, list, sizeof list))
        return;
    char *last = strrchr(list, ',');
    last = last ? last + 1 : list;
    while (*last == ' ')
        last++;
    if (*last && last[strspn(last, "0123456789abcdefABCDEF.:")] == 0 && strlen(last) < 48)
        memcpy(out, last, strlen(last) + 1);
}

static bool client_is_secure(struct lws *wsi)
{
    char proto[16];
    const struct config *config = config_of(wsi);
    if (strncmp(config->public_url, "https://", 8) == 0)
        return true;
    return config_word_in(config->trusted_proxies, peer_address(wsi)) &&
           copy_custom(wsi, "x-forwarded-proto:", proto, sizeof proto) && strcasecmp(proto, "https") == 0;
}

static const struct { enum lws_token_indexes token; enum http_method method; } methods[] = {
    { WSI_TOKEN_GET_URI, HTTP_GET },     { WSI_TOKEN_HEAD_URI, HTTP_HEAD },     { WSI_TOKEN_POST_URI, HTTP_POST },
    { WSI_TOKEN_PATCH_URI, HTTP_PATCH }, { WSI_TOKEN_DELETE_URI, HTTP_DELETE },
};

static enum http_method method_of(struct lws *wsi)
{
    for (size_t i = 0; i < LECTERN_COUNT(methods); i++)
        if (lws_hdr_total_length(wsi, methods[i].token) > 0)
            return methods[i].method;
    return HTTP_OTHER;
}

/* All texts go into one buffer; the slices are pointed into it once it no longer moves. */
void ws_collect(struct http_exchange *exchange, struct str path)
{
    struct lws *wsi = exchange->wsi;
    struct http_request *request = &exchange->request;
    const struct { struct str *slice; enum lws_token_indexes token; } fields[] = {
        { &request->query, WSI_TOKEN_HTTP_URI_ARGS },
        { &request->host, WSI_TOKEN_HOST },
        { &request->cookie, WSI_TOKEN_HTTP_COOKIE },
        { &request->origin, WSI_TOKEN_ORIGIN },
        { &request->content_type, WSI_TOKEN_HTTP_CONTENT_TYPE },
        { &request->user_agent, WSI_TOKEN_HTTP_USER_AGENT },
        { &request->accept_encoding, WSI_TOKEN_HTTP_ACCEPT_ENCODING },
        { &request->if_none_match, WSI_TOKEN_HTTP_IF_NONE_MATCH },
    };
    char text[WS_HEADER_MAX], address[48];
    struct str *slices[LECTERN_COUNT(fields) + 3];
    size_t count = 0;
#define KEEP(target, bytes, length) \
    (buf_put(&exchange->texts, bytes, length), (target)->n = (length), slices[count++] = (target))
    KEEP(&request->path, path.p, path.n);
    for (size_t i = 0; i < LECTERN_COUNT(fields); i++) {
        size_t n = ws_header(wsi, fields[i].token, text, sizeof text);
        KEEP(fields[i].slice, text, n);
    }
    size_t n = copy_custom(wsi, "x-lectern:", text, sizeof text);
    KEEP(&request->csrf, text, n);
    ws_client_address(wsi, address);
    KEEP(&request->address, address, strlen(address));
#undef KEEP
    const char *at = (const char *)exchange->texts.data;
    for (size_t i = 0; i < count; i++) {
        slices[i]->p = at;
        at += slices[i]->n;
    }
    request->method = method_of(wsi);
    request->secure = client_is_secure(wsi);
}

/* Browsers say where they come from; whoever sends cookies without that is none of ours. */
bool ws_may_upgrade(struct lws *wsi)
{
    char origin[512], host[256];
    size_t n = ws_header(wsi, WSI_TOKEN_ORIGIN, origin, sizeof origin);
    if (n == 0)
        return lws_hdr_total_length(wsi, WSI_TOKEN_ORIGIN) <= 0 && lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_COOKIE) <= 0;
    struct str of_host = { host, ws_header(wsi, WSI_TOKEN_HOST, host, sizeof host) };
    return origin_is_ours(config_of(wsi), client_is_secure(wsi), of_host, (struct str){ origin, n });
}
