/* options.c - a table of options. */
#include "options.h"

#include <stdio.h>
#include <stdlib.h>
#include <uv.h>

#define WINDOW_MAX 256

enum kind { KIND_URL, KIND_TEXT, KIND_NUMBER, KIND_RATE, KIND_FLAG, KIND_ENCODING };

static const struct option_row {
    const char *name;
    enum kind kind;
    size_t offset;
    const char *text;
} rows[] = {
    {"--url", KIND_URL, 0, "URL         gateway, ws://host:port (default ws://127.0.0.1:8080)"},
    {"--codes", KIND_TEXT, offsetof(struct options, codes),
     "A,B…      join codes of live sessions; members are dealt out"},
    {"--code", KIND_TEXT, offsetof(struct options, codes), "CODE       the same with one"},
    {"--members", KIND_NUMBER, offsetof(struct options, members), "N       members who join (default 100)"},
    {"--early", KIND_NUMBER, offsetof(struct options, early),
     "N         so many join before acting begins, the others while they act (default: all)"},
    {"--votes", KIND_RATE, offsetof(struct options, votes), "R         votes per second, all together (default 10)"},
    {"--asks", KIND_RATE, offsetof(struct options, asks), "R          questions per second (default 0)"},
    {"--back", KIND_RATE, offsetof(struct options, back),
     "P          per cent of the votes that may take one back (default 100)"},
    {"--window", KIND_NUMBER, offsetof(struct options, window),
     "N        commands a member may have under way (default 1)"},
    {"--at-once", KIND_NUMBER, offsetof(struct options, at_once),
     "N       … and all members together (default: no limit)"},
    {"--warm", KIND_RATE, offsetof(struct options, warm), "S          act so long before measuring (default 0)"},
    {"--seconds", KIND_RATE, offsetof(struct options, seconds), "S       act and measure so long (default 10)"},
    {"--ramp", KIND_RATE, offsetof(struct options, ramp), "S          how long joining takes (default 2)"},
    {"--settle", KIND_NUMBER, offsetof(struct options, settle), "S        wait until all are even (default 15)"},
    {"--laggards", KIND_RATE, offsetof(struct options, laggards),
     "P      per cent who read slowly or not at all while the others act (default 0)"},
    {"--leave", KIND_RATE, offsetof(struct options, leave),
     "R         rooms per second that everybody leaves (default 0)"},
    {"--away", KIND_RATE, offsetof(struct options, away), "S          and comes back to after so long (default 2)"},
    {"--seed", KIND_NUMBER, offsetof(struct options, seed), "N          start of the random choices (default 1)"},
    {"--encoding", KIND_ENCODING, 0, "E      msgpack (default) or json, on the wire"},
    {"--dump", KIND_TEXT, offsetof(struct options, dump), "FILE       write what must be in the database now"},
    {"--faults", KIND_FLAG, offsetof(struct options, faults), "         lost connections are no error"},
    {"--phases", KIND_FLAG, offsetof(struct options, phases), "         say on standard error which phase begins"},
    {"--json", KIND_FLAG, offsetof(struct options, json), "           report as one JSON object"},
};

static void help(FILE *out)
{
    fputs("lectern-load: many members in one room or in many, each checking what it receives\n\n", out);
    for (size_t i = 0; i < LECTERN_COUNT(rows); i++)
        fprintf(out, "  %s %s\n", rows[i].name, rows[i].text);
    fputs("\nExit status: 0 all was right, 1 something was wrong, 2 usage.\n", out);
}

static _Noreturn void complain(const char *what, const char *which)
{
    fprintf(stderr, "lectern-load: %s %s\n", what, which);
    exit(2);
}

static void read_url(struct options *options, const char *url)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    uv_getaddrinfo_t lookup;
    char host[256];
    if (strncmp(url, "ws://", 5) != 0 || strlen(url) >= sizeof(host))
        complain("not a ws:// address:", url);
    snprintf(options->host, sizeof(options->host), "%.*s", (int)strcspn(url + 5, "/"), url + 5);
    snprintf(host, sizeof(host), "%s", options->host[0] == '[' ? options->host + 1 : options->host);
    char *colon = strrchr(host, ':');
    const char *port = colon ? colon + 1 : "80";
    if (colon)
        colon[colon > host && colon[-1] == ']' ? -1 : 0] = '\0';
    if (uv_getaddrinfo(uv_default_loop(), &lookup, NULL, host, port, &hints))
        complain("no such host:", host);
    memcpy(&options->address, lookup.addrinfo->ai_addr, lookup.addrinfo->ai_addrlen);
    uv_freeaddrinfo(lookup.addrinfo);
}

static void read_one(struct options *options, const struct option_row *row, const char *value)
{
    char *end = NULL;
    void *at = (char *)options + row->offset;
    switch (row->kind) {
    case KIND_URL:
        read_url(options, value);
        return;
    case KIND_TEXT:
        *(const char **)at = value;
        return;
    case KIND_FLAG:
        *(bool *)at = true;
        return;
    case KIND_ENCODING:
        options->encoding = strcmp(value, "json") == 0 ? WIRE_JSON : WIRE_MSGPACK;
        if (options->encoding == WIRE_MSGPACK && strcmp(value, "msgpack") != 0)
            complain("not an encoding:", value);
        return;
    case KIND_NUMBER:
        *(int64_t *)at = strtoll(value, &end, 10);
        break;
    case KIND_RATE:
        *(double *)at = strtod(value, &end);
        break;
    }
    if (end == value || *end || *value == '-')
        complain("not a number:", value);
}

void options_read(struct options *options, int argc, char **argv)
{
    *options = (struct options){.members = 100,
                                .votes = 10,
                                .back = 100,
                                .window = 1,
                                .seconds = 10,
                                .ramp = 2,
                                .settle = 15,
                                .away = 2,
                                .seed = 1};
    read_url(options, "ws://127.0.0.1:8080");
    for (int i = 1; i < argc; i++) {
        size_t r = 0;
        if (strcmp(argv[i], "--help") == 0) {
            help(stdout);
            exit(0);
        }
        while (r < LECTERN_COUNT(rows) && strcmp(argv[i], rows[r].name) != 0)
            r++;
        if (r == LECTERN_COUNT(rows))
            complain("unknown option", argv[i]);
        bool flag = rows[r].kind == KIND_FLAG;
        if (!flag && i + 1 == argc)
            complain("no value for", argv[i]);
        read_one(options, &rows[r], flag ? "" : argv[++i]);
    }
    if (!options->codes || options->members < 1)
        complain("--code is needed, and at least one member", "");
    if (options->early == 0 || options->early > options->members)
        options->early = options->members;
    if (options->window < 1 || options->window > WINDOW_MAX)
        complain("--window is from 1 to 256", "");
}
