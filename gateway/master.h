/* master.h - the process that forks workers and keeps them running. */
#ifndef GATEWAY_MASTER_H
#define GATEWAY_MASTER_H

#include "config.h"

/* Run until told to stop. Returns the exit status. */
int master_run(const struct config *config);

#endif
