/* origin.c - see origin.h. */
#include "origin.h"

/* `scheme` and `rest` together. */
static bool is_joined(struct str origin, struct str scheme, struct str rest)
{
    return origin.n == scheme.n + rest.n && memcmp(origin.p, scheme.p, scheme.n) == 0 &&
           (rest.n == 0 || memcmp(origin.p + scheme.n, rest.p, rest.n) == 0);
}

/* public_url without its path. */
static struct str public_origin(const char *url)
{
    const char *host = strstr(url, "://");
    return host ? (struct str){ url, (size_t)(host + 3 - url) + strcspn(host + 3, "/") } : (struct str){ 0 };
}

bool origin_is_ours(const struct config *config, bool secure, struct str host, struct str origin)
{
    struct str public = public_origin(config->public_url);
    if (is_joined(origin, secure ? STR("https://") : STR("http://"), host) || (public.n && str_equal(origin, public)))
        return true;
    for (const char *p = config->allowed_origins; *p;) {
        size_t n = strcspn(p, " ");
        if (n && str_equal(origin, (struct str){ p, n }))
            return true;
        p += n + (p[n] == ' ');
    }
    return false;
}
