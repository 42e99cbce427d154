/* gen.c - lectern-gen: writes what is made from the tables, or (--check) fails when a file is stale.
 *
 *     lectern-gen [--check] ROOT      ROOT is the top of the source tree
 */
#include <stdio.h>
#include <stdlib.h>

#include "gen.h"

#define FILE_MAX (1u << 22)
#define BEGIN "<!-- generated:begin -->"
#define END "<!-- generated:end -->"

static void path_make(struct buf *out, const char *root, const char *name)
{
    buf_init(out, 4096);
    buf_printf(out, "%s/%s", root, name);
    buf_put_byte(out, 0);
}

static bool file_read(const char *path, struct buf *out)
{
    char chunk[4096];
    size_t n;
    FILE *file = fopen(path, "rb");
    if (!file)
        return false;
    while ((n = fread(chunk, 1, sizeof(chunk), file)) > 0)
        buf_put(out, chunk, n);
    fclose(file);
    return !out->failed;
}

static bool file_write(const char *path, struct str text)
{
    FILE *file = fopen(path, "wb");
    bool ok = file && fwrite(text.p, 1, text.n, file) == text.n;
    return (!file || fclose(file) == 0) && ok;
}

/* Bring one file up to date, or only compare. */
static bool settle(const char *path, struct str before, struct str after, bool check)
{
    if (str_equal(before, after))
        return true;
    if (check) {
        fprintf(stderr, "%s is stale: run lectern-gen\n", path);
        return false;
    }
    if (!file_write(path, after)) {
        perror(path);
        return false;
    }
    printf("wrote %s\n", path);
    return true;
}

static bool settle_typescript(const char *root, bool check)
{
    struct buf path, before, after;
    path_make(&path, root, "web/src/net/protocol.gen.ts");
    buf_init(&before, FILE_MAX);
    buf_init(&after, FILE_MAX);
    (void)file_read((const char *)path.data, &before); /* absent is stale */
    gen_typescript(&after);
    bool ok = settle((const char *)path.data, buf_str(&before), buf_str(&after), check);
    buf_release(&after);
    buf_release(&before);
    buf_release(&path);
    return ok;
}

static bool splice(struct buf *before, struct buf *after)
{
    buf_put_byte(before, 0);
    const char *text = (const char *)before->data, *begin = strstr(text, BEGIN);
    const char *end = begin ? strstr(begin, END) : NULL;
    before->len--;
    if (!end)
        return false;
    buf_put(after, text, (size_t)(begin - text));
    buf_printf(after, BEGIN "\n\n");
    gen_document(after);
    buf_put_str(after, str_of(end));
    return !after->failed;
}

static bool settle_document(const char *root, bool check)
{
    struct buf path, before, after;
    path_make(&path, root, "gateway/PROTOCOL.md");
    buf_init(&before, FILE_MAX);
    buf_init(&after, FILE_MAX);
    bool ok = file_read((const char *)path.data, &before) && splice(&before, &after);
    if (!ok)
        fprintf(stderr, "%s: not there, or without " BEGIN " and " END "\n", (const char *)path.data);
    ok = ok && settle((const char *)path.data, buf_str(&before), buf_str(&after), check);
    buf_release(&after);
    buf_release(&before);
    buf_release(&path);
    return ok;
}

int main(int argc, char **argv)
{
    bool check = argc > 1 && strcmp(argv[1], "--check") == 0;
    if (argc != 2 + check) {
        fputs("usage: lectern-gen [--check] ROOT\n", stderr);
        return 2;
    }
    bool typescript = settle_typescript(argv[1 + check], check);
    bool document = settle_document(argv[1 + check], check);
    return typescript && document ? EXIT_SUCCESS : EXIT_FAILURE;
}
