/* SPDX-License-Identifier: Apache-2.0
 *
 * Counts which messages the catalogue had: linked with --wrap in front of the
 * same archives as countersign. See tests/hooks/README.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MESSAGES = 4096 };   /* more than there are in the programs */

char *__real_gettext(const char *id);
char *__real_dcgettext(const char *domain, const char *id, int category);
char *__real_dcngettext(const char *domain, const char *one, const char *many,
                        unsigned long n, int category);
char *__wrap_gettext(const char *id);
char *__wrap_dcgettext(const char *domain, const char *id, int category);
char *__wrap_dcngettext(const char *domain, const char *one, const char *many,
                        unsigned long n, int category);

struct message {
	char *id;
	bool found;
};

static struct message seen[MESSAGES];
static size_t seen_count;

/* One line a message, so that lines can be counted. */
static void write_line(FILE *f, const struct message *m)
{
	fputs(m->found ? "hit " : "miss ", f);
	for (const char *p = m->id; *p; p++)
		fputc(*p == '\n' ? ' ' : *p, f);
	fputc('\n', f);
}

static void write_log(void)
{
	FILE *f = fopen(getenv("COUNTERSIGN_MESSAGE_LOG"), "a");

	if (!f)
		return;
	for (size_t i = 0; i < MESSAGES; i++)
		if (seen[i].id)
			write_line(f, &seen[i]);
	fclose(f);
}

static void note(const char *id, bool found)
{
	size_t at = 5381;

	if (!getenv("COUNTERSIGN_MESSAGE_LOG") || !id || !*id || seen_count == MESSAGES - 1)
		return;
	for (const char *p = id; *p; p++)
		at = at * 33 + (unsigned char)*p;
	at %= MESSAGES;
	while (seen[at].id && strcmp(seen[at].id, id) != 0)
		at = (at + 1) % MESSAGES;
	if (seen[at].id)
		return;
	if (seen_count++ == 0)
		atexit(write_log);
	seen[at] = (struct message){ .id = strdup(id), .found = found };
}

char *__wrap_gettext(const char *id)
{
	char *text = __real_gettext(id);

	note(id, text != id);
	return text;
}

char *__wrap_dcgettext(const char *domain, const char *id, int category)
{
	char *text = __real_dcgettext(domain, id, category);

	note(id, text != id);
	return text;
}

char *__wrap_dcngettext(const char *domain, const char *one, const char *many,
                        unsigned long n, int category)
{
	char *text = __real_dcngettext(domain, one, many, n, category);

	note(one, text != one && text != many);
	return text;
}
