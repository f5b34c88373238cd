/* SPDX-License-Identifier: Apache-2.0 */
#include "server/target.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/msg.h"
#include "base/utf8.h"

static int digit(char c)
{
	return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

/* Escapes are whole and none is %00: the guard saw to that. */
static char *decode(const char *s, size_t len, bool plus)
{
	char *out = mem_alloc(len + 1), *to = out;

	for (size_t i = 0; i < len; i++) {
		if (s[i] == '%') {
			*to++ = (char)(digit(s[i + 1]) << 4 | digit(s[i + 2]));
			i += 2;
		} else {
			*to++ = plus && s[i] == '+' ? ' ' : s[i];
		}
	}
	*to = '\0';
	return out;
}

static bool is_utf8(const char *s)
{
	return utf8_check(s, strlen(s)) == strlen(s);
}

int target_path(const char *target, char **out, struct err *err)
{
	char *path = decode(target, strcspn(target, "?"), false);

	if (!is_utf8(path)) {
		free(path);
		return err_set(err, ERR_INVALID, N_("the path is not UTF-8"));
	}
	*out = path;
	return 0;
}

/* One name=value. */
static int add_pair(struct value *query, const char *pair, size_t len, struct err *err)
{
	size_t name_len = strcspn(pair, "=&");
	char *name, *text;
	int ret = 0;

	if (name_len > len)
		name_len = len;
	name = decode(pair, name_len, true);
	text = name_len < len ? decode(pair + name_len + 1, len - name_len - 1, true)
	                      : mem_strdup("");
	if (!*name || !is_utf8(name) || !is_utf8(text)) {
		ret = err_set(err, ERR_INVALID, N_("a query parameter is malformed"));
	} else if (value_find(query, name)) {
		ret = err_set(err, ERR_INVALID, N_("a query parameter is repeated"));
		err_where(err, "?%s", name);
	} else {
		value_set(query, name, value_new_string(text));
	}
	free(text);
	free(name);
	return ret;
}

int target_query(const char *target, struct value **out, struct err *err)
{
	const char *p = strchr(target, '?');
	struct value *query = value_new_object();
	int ret = 0;

	for (p = p ? p + 1 : ""; *p && ret == 0; p += *p == '&') {
		size_t len = strcspn(p, "&");

		if (len)
			ret = add_pair(query, p, len, err);
		p += len;
	}
	if (ret < 0) {
		value_free(query);
		return ret;
	}
	*out = query;
	return 0;
}
