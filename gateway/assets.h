/* assets.h - the built pages, read into memory when the worker starts. */
#ifndef GATEWAY_ASSETS_H
#define GATEWAY_ASSETS_H

#include <limits.h>

#include "lectern/base.h"

enum asset_coding { ASSET_PLAIN, ASSET_GZIP, ASSET_BROTLI, ASSET_CODING_COUNT };

struct asset {
    char *path; /* as requested: /assets/index-1a2b.js */
    const char *type;
    char etag[24]; /* with its quotes */
    bool immutable; /* its name changes with its content */
    struct str bodies[ASSET_CODING_COUNT]; /* p NULL: there is none */
};

struct assets;

/* The folder of the pages: the configured one, or for "" the installed one: web next to bin, or share/lectern/web.
 * false: none is configured or installed. */
bool assets_root(const char *configured, char out[PATH_MAX]);
/* Read the folder; "" means the installed one, next to the program. Never NULL; empty (and logged) without a folder. */
struct assets *assets_open(const char *root);
void assets_free(struct assets *assets);
const struct asset *assets_find(const struct assets *assets, struct str path);

#endif
