/* log.h - structured lines on standard error, logfmt or JSON. Never question text, tokens or passwords. Thread-safe. */
#ifndef GATEWAY_LOG_H
#define GATEWAY_LOG_H

#include "lectern/base.h"

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

/* false for an unknown level or format. */
LECTERN_MUSTCHECK bool log_setup(const char *level, const char *format, const char *process);
/* `what` is a fixed word or phrase; the rest are key=value pairs in printf form: log_line(LOG_INFO, "worker started",
 * "index=%d port=%d", …). Values with spaces or quotes are quoted. */
void log_line(enum log_level level, const char *what, const char *pairs, ...) LECTERN_PRINTF(3, 4);

#endif
