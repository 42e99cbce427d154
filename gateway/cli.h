/* cli.h - the subcommands of `lectern`. Each gets its own arguments, argv[0] being its name, and an exit status to give. */
#ifndef GATEWAY_CLI_H
#define GATEWAY_CLI_H

#include "config.h"

int cli_main(int argc, char **argv);

/* cli_admin.c */
int cli_user(int argc, char **argv, const struct config *config);
int cli_export(int argc, char **argv, const struct config *config);
int cli_doctor(int argc, char **argv, const struct config *config);
int cli_setup_link(int argc, char **argv, const struct config *config);
int cli_demo(int argc, char **argv, const struct config *config);

#endif
