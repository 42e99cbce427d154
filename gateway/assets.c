/* assets.c - files by path, sorted for a binary search; nothing outside the list can be asked for. */
#include "assets.h"

#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lectern/buf.h"
#include "log.h"

#define FILE_BYTES_MAX (32u << 20)

struct assets {
    struct asset *list;
    size_t count, capacity;
};

static const struct { const char *suffix, *type; } types[] = {
    { ".html", "text/html; charset=utf-8" },     { ".js", "text/javascript; charset=utf-8" },
    { ".css", "text/css; charset=utf-8" },       { ".json", "application/json" },
    { ".svg", "image/svg+xml" },                 { ".png", "image/png" },
    { ".ico", "image/x-icon" },                  { ".woff2", "font/woff2" },
    { ".webmanifest", "application/manifest+json" }, { ".txt", "text/plain; charset=utf-8" },
};
static const char *const coding_suffixes[] = { "", ".gz", ".br" };

static bool ends_with(const char *text, const char *suffix)
{
    size_t n = strlen(text), m = strlen(suffix);
    return n >= m && strcmp(text + n - m, suffix) == 0;
}

static const char *type_of(const char *path)
{
    for (size_t i = 0; i < LECTERN_COUNT(types); i++)
        if (ends_with(path, types[i].suffix))
            return types[i].type;
    return "application/octet-stream";
}

static bool read_whole(const char *path, struct str *out)
{
    FILE *file = fopen(path, "re");
    if (!file)
        return false;
    struct buf bytes;
    char piece[16384];
    buf_init(&bytes, FILE_BYTES_MAX);
    for (size_t n; (n = fread(piece, 1, sizeof piece, file)) > 0;)
        buf_put(&bytes, piece, n);
    bool ok = !ferror(file) && !bytes.failed;
    fclose(file);
    if (ok) {
        out->p = (char *)buf_take(&bytes, &out->n);
        if (!out->p)
            out->p = strdup("");
    }
    buf_release(&bytes);
    return ok;
}

static void make_etag(struct asset *asset)
{
    uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a: tells versions apart, need not resist anybody */
    for (size_t i = 0; i < asset->bodies[ASSET_PLAIN].n; i++)
        hash = (hash ^ (unsigned char)asset->bodies[ASSET_PLAIN].p[i]) * UINT64_C(1099511628211);
    /* weak: the packed forms of a file have other bytes and the same tag */
    snprintf(asset->etag, sizeof asset->etag, "W/\"%016llx\"", (unsigned long long)hash);
}

static void add_file(struct assets *assets, const char *file, const char *path)
{
    struct asset asset = { .type = type_of(path), .immutable = strncmp(path, "/assets/", 8) == 0 };
    if (!read_whole(file, &asset.bodies[ASSET_PLAIN])) {
        log_line(LOG_WARN, "cannot read a file of the pages", "path=%s", path);
        return;
    }
    for (int c = ASSET_GZIP; c < ASSET_CODING_COUNT; c++) {
        char packed[PATH_MAX];
        snprintf(packed, sizeof packed, "%s%s", file, coding_suffixes[c]);
        if (access(packed, R_OK) == 0 && !read_whole(packed, &asset.bodies[c]))
            asset.bodies[c] = (struct str){ NULL, 0 };
    }
    make_etag(&asset);
    asset.path = strdup(path);
    if (assets->count == assets->capacity) {
        assets->capacity = assets->capacity ? assets->capacity * 2 : 64;
        assets->list = realloc(assets->list, assets->capacity * sizeof assets->list[0]);
    }
    if (!asset.path || !assets->list)
        abort();
    assets->list[assets->count++] = asset;
}

/* nftw has no argument for its callback; the folder is read once, before any thread exists. */
static struct {
    struct assets *assets;
    size_t root_length;
} walk;

static int on_entry(const char *file, const struct stat *status, int type, struct FTW *ftw)
{
    (void)status;
    bool hidden = file[ftw->base] == '.';
    if (type == FTW_F && !hidden && !ends_with(file, ".gz") && !ends_with(file, ".br") && !ends_with(file, ".map"))
        add_file(walk.assets, file, file + walk.root_length);
    return 0;
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct asset *)a)->path, ((const struct asset *)b)->path);
}

bool assets_root(const char *configured, char out[PATH_MAX])
{
    static const char *const places[] = { "../web", "../share/lectern/web" };
    char program[PATH_MAX / 2];
    if (*configured) {
        snprintf(out, PATH_MAX, "%s", configured);
        return true;
    }
    ssize_t n = readlink("/proc/self/exe", program, sizeof program - 1);
    if (n <= 0)
        return false;
    program[n] = 0;
    *strrchr(program, '/') = 0;
    for (size_t i = 0; i < LECTERN_COUNT(places); i++) {
        snprintf(out, PATH_MAX, "%s/%s", program, places[i]);
        if (access(out, R_OK) == 0)
            return true;
    }
    return false;
}

struct assets *assets_open(const char *root)
{
    char folder[PATH_MAX];
    struct assets *assets = calloc(1, sizeof *assets);
    if (!assets)
        abort();
    if (!assets_root(root, folder)) {
        log_line(LOG_WARN, "no pages are installed; set web_root", "%s", "");
        return assets;
    }
    size_t n = strlen(folder);
    while (n > 1 && folder[n - 1] == '/')
        folder[--n] = 0;
    walk.assets = assets;
    walk.root_length = n;
    if (nftw(folder, on_entry, 16, FTW_PHYS) != 0)
        log_line(LOG_WARN, "cannot read the folder of the pages", "web_root=%s", folder);
    if (assets->count)
        qsort(assets->list, assets->count, sizeof assets->list[0], by_path);
    return assets;
}

void assets_free(struct assets *assets)
{
    for (size_t i = 0; i < assets->count; i++) {
        for (int c = 0; c < ASSET_CODING_COUNT; c++)
            free((void *)(uintptr_t)assets->list[i].bodies[c].p);
        free(assets->list[i].path);
    }
    free(assets->list);
    free(assets);
}

const struct asset *assets_find(const struct assets *assets, struct str path)
{
    size_t low = 0, high = assets->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        const struct asset *asset = &assets->list[middle];
        size_t length = strlen(asset->path), common = length < path.n ? length : path.n;
        int order = memcmp(path.p, asset->path, common);
        if (order == 0 && length == path.n)
            return asset;
        if (order < 0 || (order == 0 && path.n < length))
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}
