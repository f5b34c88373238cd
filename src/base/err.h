/* SPDX-License-Identifier: Apache-2.0
 *
 * Errors: a code for the program, a message id with arguments for people.
 *
 * A fallible function returns int: 0, or a negative enum err_code. Its last
 * argument is a struct err that the caller owns; NULL is allowed, and the first
 * error wins, so that clean-up code may fail without hiding the cause. Nothing
 * is allocated on the error path. Lower rooms never print: view, ui and app
 * turn an error into words with err_words().
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stddef.h>

enum err_code {
	ERR_NONE = 0,
	ERR_IO = -1,          /* the operating system refused; text says what */
	ERR_INVALID = -2,     /* bad input: malformed, or breaks a rule; see where */
	ERR_NOT_FOUND = -3,   /* no such thing */
	ERR_EXISTS = -4,      /* already there */
	ERR_CONFLICT = -5,    /* the world changed meanwhile */
	ERR_DENIED = -6,      /* this person or role may not */
	ERR_OFFLINE = -7,     /* peer not reached, or gave no usable answer */
	ERR_LIMIT = -8,       /* a stated limit is exceeded */
	ERR_FULL = -9,        /* no space left; nothing was changed */
	ERR_BUSY = -10,       /* owned by another process */
	ERR_NEWER = -11,      /* written by a newer version */
	ERR_CORRUPT = -12,    /* stored data contradict themselves */
	ERR_UNSUPPORTED = -13,/* valid, but not something this build does */
	ERR_CONFIG = -14,     /* option, environment or configuration file */
	ERR_INTERNAL = -15    /* a bug */
};

enum { ERR_ARGS = 4, ERR_ARG_SIZE = 160, ERR_WHERE_SIZE = 160 };

struct err {
	enum err_code code;                 /* ERR_NONE: no error so far */
	const char *msgid;                  /* static, marked N_(), only %s inside */
	char arg[ERR_ARGS][ERR_ARG_SIZE];   /* UTF-8, cut at a character */
	char where[ERR_WHERE_SIZE];         /* JSON pointer, file:line, or empty */
};

#define ERR_INIT { .code = ERR_NONE }

/* Records an error unless one stands already, and returns code. msgid is a
 * static string marked N_() whose only conversion is %s (at most ERR_ARGS);
 * numbers are passed through err_num(). err may be NULL. */
int err_set(struct err *err, enum err_code code, const char *msgid, ...)
	__attribute__((format(printf, 3, 4)));

/* Like err_set, with ": " and strerror(errno) as one more argument; maps
 * ENOSPC and EDQUOT to ERR_FULL, ENOENT to ERR_NOT_FOUND, EACCES and EPERM to
 * ERR_DENIED and the rest to ERR_IO. msgid must end in one more %s for it. */
int err_errno(struct err *err, const char *msgid, const char *subject);

/* Names the place of the standing error unless a place is named already. */
void err_where(struct err *err, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

void err_clear(struct err *err);

/* Writes the error as one translated sentence, place included, into buf
 * (NUL-terminated, cut at a character); returns buf. Arguments may come from
 * outside: pass the result through text_safe() before a terminal or a log. */
const char *err_words(const struct err *err, char *buf, size_t size);

/* A number as text, for err_set arguments; returns buf. */
struct err_numbuf { char text[24]; };
const char *err_num(struct err_numbuf *buf, long long n);

#endif
