/* SPDX-License-Identifier: Apache-2.0 */
#include "base/log.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/text.h"

enum { VALUE_MAX = 16 * 1024 };   /* bytes of one value */

static _Atomic int least_level = LOG_INFO;

void log_set_level(enum log_level least)
{
	least_level = (int)least;
}

/* Bare where it can be nothing but one value, else quoted with \" and \\. */
static void add_value(struct buf *line, const char *value)
{
	struct buf safe = { .limit = VALUE_MAX };
	const char *s;

	text_safe(value, strlen(value), 0, &safe, NULL);
	if (safe.failed) {
		safe.limit = 0;
		buf_adds(&safe, "…");
	}
	s = buf_str(&safe);
	if (*s && !strpbrk(s, " \"\\=")) {
		buf_adds(line, s);
	} else {
		buf_addc(line, '"');
		for (; *s; s++) {
			if (*s == '"' || *s == '\\')
				buf_addc(line, '\\');
			buf_addc(line, *s);
		}
		buf_addc(line, '"');
	}
	buf_clear(&safe);
}

void log_event(enum log_level level, const char *event, ...)
{
	static const char *const names[] = { "debug", "info", "warn", "error" };
	struct buf line = BUF_INIT;
	char at[CLOCK_TEXT_SIZE];
	const char *key, *value;
	va_list ap;

	if ((int)level < least_level)
		return;
	buf_addf(&line, "%s %s ", clock_text(clock_now_ms(), at), names[level]);
	text_safe(event, strlen(event), 0, &line, NULL);
	va_start(ap, event);
	while ((key = va_arg(ap, const char *))) {
		value = va_arg(ap, const char *);
		if (!value)
			continue;
		buf_addc(&line, ' ');
		text_safe(key, strlen(key), 0, &line, NULL);
		buf_addc(&line, '=');
		add_value(&line, value);
	}
	va_end(ap);
	buf_addc(&line, '\n');
	/* One write, so that lines of several threads do not mix. A full pipe or a
	 * closed stderr must not stop the process. */
	if (write(STDERR_FILENO, line.data, line.len) < 0)
		line.failed = true;
	buf_clear(&line);
}
