/* options.h - what the command line says. */
#ifndef LOADTEST_OPTIONS_H
#define LOADTEST_OPTIONS_H

#include <sys/socket.h>

#include "lectern/base.h"
#include "wire/wire.h"

struct options {
    char host[256]; /* with its port, as in the URL */
    struct sockaddr_storage address;
    const char *code;
    int64_t members, seconds, ramp, settle, seed;
    double votes, asks; /* per second, all members together */
    enum wire_encoding encoding;
    bool json;   /* print the report as JSON */
    bool faults; /* connections may be lost: reconnect and go on */
};

/* Prints what is wrong, or the help, and ends the program. */
void options_read(struct options *options, int argc, char **argv);

#endif
