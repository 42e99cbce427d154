/* options.h - what the command line says. */
#ifndef LOADTEST_OPTIONS_H
#define LOADTEST_OPTIONS_H

#include <sys/socket.h>

#include "lectern/base.h"
#include "wire/wire.h"

struct options {
    char host[256]; /* with its port, as in the URL */
    struct sockaddr_storage address;
    const char *codes; /* separated by commas */
    const char *dump;  /* file for the final state; NULL: none */
    int64_t members, early, settle, seed, window, at_once;
    double warm, seconds, ramp; /* seconds */
    double votes, asks;         /* per second, all members together */
    double back;                /* per cent of the votes that may take one back */
    double laggards;            /* per cent of the members */
    double leave, away;         /* rooms per second that everybody leaves; seconds until they come back */
    enum wire_encoding encoding;
    bool json;   /* print the report as JSON */
    bool faults; /* connections may be lost: reconnect and go on */
    bool phases; /* say on standard error which phase begins */
};

/* Prints what is wrong, or the help, and ends the program. */
void options_read(struct options *options, int argc, char **argv);

#endif
