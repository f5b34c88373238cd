/* SPDX-License-Identifier: Apache-2.0
 *
 * The wire's functions as a filter, for tests that compare them with an
 * independent oracle. One request a line on stdin, one answer a line:
 *   scan document|body|batch HEX   -> ok | FAULT OFFSET LINE HEX-OF-POINTER
 *   double 16-HEX-DIGITS           -> text of that double
 *   jcs HEX                        -> hex of the canonical text | refused
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "wire/jcs.h"
#include "wire/json.h"

static struct prescan scratch = PRESCAN_INIT;

/* Decodes lower-case hex; the caller's. */
static unsigned char *unhex(const char *hex, size_t *len)
{
	unsigned char *out;

	*len = strlen(hex) / 2;
	out = mem_alloc(*len + 1);
	if (!hash_unhex(hex, out, *len)) {
		fprintf(stderr, "wire_filter: not hex\n");
		exit(2);
	}
	return out;
}

static void put_hex(const void *data, size_t len)
{
	const unsigned char *p = data;

	for (size_t i = 0; i < len; i++)
		printf("%02x", p[i]);
	putchar('\n');
}

static void scan(const char *limits, const char *hex)
{
	const struct prescan_limits *l = strcmp(limits, "batch") == 0 ? &prescan_batch
		: strcmp(limits, "body") == 0 ? &prescan_body : &prescan_document;
	struct prescan_error e;
	size_t len;
	unsigned char *data = unhex(hex, &len);

	if (prescan_check(&scratch, (const char *)data, len, l, &e, NULL) == 0) {
		puts("ok");
	} else {
		printf("%s %zu %zu ", prescan_fault_name(e.fault), e.offset, e.line);
		put_hex(e.pointer, strlen(e.pointer));
	}
	free(data);
}

static void canonical(const char *hex)
{
	struct buf text = BUF_INIT;
	struct value *v = NULL;
	size_t len;
	unsigned char *data = unhex(hex, &len);

	if (json_parse((const char *)data, len, NULL, &v, NULL) == 0) {
		jcs_write(v, &text);
		put_hex(buf_str(&text), text.len);
	} else {
		puts("refused");
	}
	value_free(v);
	buf_clear(&text);
	free(data);
}

static void number(const char *hex)
{
	unsigned long long bits = strtoull(hex, NULL, 16);
	char text[NUM_TEXT_SIZE];
	double d;

	memcpy(&d, &bits, sizeof d);
	puts(num_es6(d, text));
}

int main(void)
{
	char *line = NULL, *word, *arg, *more;
	size_t cap = 0;

	json_init();
	while (getline(&line, &cap, stdin) > 0) {
		word = strtok(line, " \n");
		arg = strtok(NULL, " \n");
		more = strtok(NULL, " \n");
		if (word && strcmp(word, "scan") == 0 && arg)
			scan(arg, more ? more : "");
		else if (word && strcmp(word, "double") == 0 && arg)
			number(arg);
		else if (word && strcmp(word, "jcs") == 0)
			canonical(arg ? arg : "");
		else
			puts("unknown");
		fflush(stdout);
	}
	prescan_clear(&scratch);
	free(line);
	return 0;
}
