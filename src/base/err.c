/* SPDX-License-Identifier: Apache-2.0 */
#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/msg.h"
#include "base/utf8.h"

int err_set(struct err *err, enum err_code code, const char *msgid, ...)
{
	va_list ap;
	const char *p = msgid;

	if (!err || err->code != ERR_NONE)
		return code;
	err->code = code;
	err->msgid = msgid;
	va_start(ap, msgid);
	for (int n = 0; n < ERR_ARGS && (p = strstr(p, "%s")); p += 2, n++) {
		const char *arg = va_arg(ap, const char *);
		utf8_copy(err->arg[n], ERR_ARG_SIZE, arg ? arg : "");
	}
	va_end(ap);
	return code;
}

int err_errno(struct err *err, const char *msgid, const char *subject)
{
	int saved = errno;
	enum err_code code = ERR_IO;

	if (saved == ENOSPC || saved == EDQUOT)
		code = ERR_FULL;
	else if (saved == ENOENT)
		code = ERR_NOT_FOUND;
	else if (saved == EACCES || saved == EPERM)
		code = ERR_DENIED;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	return err_set(err, code, msgid, subject, strerror(saved));
#pragma GCC diagnostic pop
}

void err_where(struct err *err, const char *fmt, ...)
{
	va_list ap;

	if (!err || err->code == ERR_NONE || err->where[0])
		return;
	va_start(ap, fmt);
	vsnprintf(err->where, sizeof err->where, fmt, ap);
	va_end(ap);
	utf8_trim(err->where);
}

void err_clear(struct err *err)
{
	if (!err)
		return;
	err->code = ERR_NONE;
	err->msgid = NULL;
	err->where[0] = '\0';
}

static size_t append(char *buf, size_t size, size_t at, const char *s, size_t len)
{
	if (at + 1 >= size)
		return at;
	if (len > size - at - 1)
		len = size - at - 1;
	memcpy(buf + at, s, len);
	buf[at + len] = '\0';
	return at + len;
}

const char *err_words(const struct err *err, char *buf, size_t size)
{
	const char *p, *next;
	size_t at = 0;

	if (!size)
		return "";
	buf[0] = '\0';
	if (!err || err->code == ERR_NONE)
		return buf;
	p = err->msgid ? gettext(err->msgid) : "";
	for (int n = 0; (next = strstr(p, "%s")); p = next + 2, n++) {
		at = append(buf, size, at, p, (size_t)(next - p));
		if (n < ERR_ARGS)
			at = append(buf, size, at, err->arg[n], strlen(err->arg[n]));
	}
	at = append(buf, size, at, p, strlen(p));
	if (err->where[0]) {
		at = append(buf, size, at, " (", 2);
		at = append(buf, size, at, err->where, strlen(err->where));
		append(buf, size, at, ")", 1);
	}
	utf8_trim(buf);
	return buf;
}

const char *err_num(struct err_numbuf *buf, long long n)
{
	snprintf(buf->text, sizeof buf->text, "%lld", n);
	return buf->text;
}
