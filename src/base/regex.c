/* SPDX-License-Identifier: Apache-2.0 */
#include "base/regex.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/msg.h"
#include "base/utf8.h"

struct regex {
	pcre2_code *code;
};

/* --- from ECMA-262 to PCRE2 ---------------------------------------------------- */

/* White space of ECMA-262: WhiteSpace and LineTerminator; and everything else. */
#define SPACE "\\u0009-\\u000d\\u0020\\u00a0\\u1680\\u2000-\\u200a" \
	"\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff"
#define NOT_SPACE "\\u0000-\\u0008\\u000e-\\u001f\\u0021-\\u009f\\u00a1-\\u167f" \
	"\\u1681-\\u1fff\\u200b-\\u2027\\u202a-\\u202e\\u2030-\\u205e" \
	"\\u2060-\\u2fff\\u3001-\\ud7ff\\ue000-\\ufefe\\uff00-\\u{10ffff}"

/* Long names of general categories, loosely matched; PCRE2 10.42 knows the
 * short ones and scripts only. */
static const char *category(const char *name, size_t len)
{
	static const struct {
		const char *name;
		const char *code;
	} names[] = {
		{ "letter", "L" }, { "lowercase_letter", "Ll" }, { "uppercase_letter", "Lu" },
		{ "titlecase_letter", "Lt" }, { "cased_letter", "L&" },
		{ "modifier_letter", "Lm" }, { "other_letter", "Lo" }, { "mark", "M" },
		{ "nonspacing_mark", "Mn" }, { "spacing_mark", "Mc" },
		{ "enclosing_mark", "Me" }, { "number", "N" }, { "decimal_number", "Nd" },
		{ "digit", "Nd" }, { "letter_number", "Nl" }, { "other_number", "No" },
		{ "punctuation", "P" }, { "punct", "P" }, { "connector_punctuation", "Pc" },
		{ "dash_punctuation", "Pd" }, { "open_punctuation", "Ps" },
		{ "close_punctuation", "Pe" }, { "initial_punctuation", "Pi" },
		{ "final_punctuation", "Pf" }, { "other_punctuation", "Po" },
		{ "symbol", "S" }, { "math_symbol", "Sm" }, { "currency_symbol", "Sc" },
		{ "modifier_symbol", "Sk" }, { "other_symbol", "So" }, { "separator", "Z" },
		{ "space_separator", "Zs" }, { "line_separator", "Zl" },
		{ "paragraph_separator", "Zp" }, { "other", "C" }, { "control", "Cc" },
		{ "format", "Cf" }, { "private_use", "Co" }, { "unassigned", "Cn" }
	};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strlen(names[i].name) == len && strncasecmp(names[i].name, name, len) == 0)
			return names[i].code;
	return NULL;
}

static bool starts(const char *s, size_t len, const char *prefix)
{
	return strlen(prefix) <= len && strncmp(s, prefix, strlen(prefix)) == 0;
}

/* \p{…} or \P{…} at p; returns the bytes taken, 0 where it is something else. */
static size_t property(const char *p, struct buf *out)
{
	const char *end = p[2] == '{' ? strchr(p, '}') : NULL, *name = p + 3, *code;
	size_t len;

	if (!end)
		return 0;
	len = (size_t)(end - name);
	if (starts(name, len, "General_Category="))
		name += strlen("General_Category=");
	else if (starts(name, len, "gc=") || starts(name, len, "sc="))
		name += strlen("gc=");
	else if (starts(name, len, "Script="))
		name += strlen("Script=");
	len = (size_t)(end - name);
	code = category(name, len);
	buf_addf(out, "\\%c{%.*s}", p[1], code ? (int)strlen(code) : (int)len,
	         code ? code : name);
	return (size_t)(end + 1 - p);
}

/* "\uD83D\uDE00" at p is one code point; returns the bytes taken, or 0. */
static size_t surrogates(const char *p, struct buf *out)
{
	unsigned high, low;

	if (sscanf(p, "\\u%4x\\u%4x", &high, &low) != 2 || high < 0xd800 || high > 0xdbff
	    || low < 0xdc00 || low > 0xdfff)
		return 0;
	buf_addf(out, "\\u{%x}", 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00));
	return 12;
}

/* One escape at p; returns the bytes taken, 0 where ECMA-262 has no such escape
 * and PCRE2 gives it a meaning of its own. */
static size_t escape(const char *p, bool in_class, struct buf *out)
{
	size_t taken = 0;

	switch (p[1]) {
	case 's':
		buf_adds(out, in_class ? SPACE : "[" SPACE "]");
		return 2;
	case 'S':
		buf_adds(out, in_class ? NOT_SPACE : "[" NOT_SPACE "]");
		return 2;
	case 'v':
		buf_adds(out, "\\u000b");
		return 2;
	case 'p':
	case 'P':
		taken = property(p, out);
		break;
	case 'u':
		taken = surrogates(p, out);
		break;
	default:
		if (p[1] && strchr("aACeEgGhHKlLNoQRUVXzZ", p[1]))
			return 0;
		break;
	}
	if (taken)
		return taken;
	taken = p[1] ? 2 : 1;
	buf_add(out, p, taken);
	return taken;
}

/* What PCRE2 reads after "(" and ECMA-262 does not. */
static bool foreign_group(const char *p)
{
	static const char *const known[] = { "(?:", "(?=", "(?!", "(?<" };

	if (p[1] == '*')
		return true;
	if (p[1] != '?')
		return false;
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (strncmp(p, known[i], strlen(known[i])) == 0)
			return false;
	return true;
}

/* Translates as long as fewer than stop bytes came out. Returns the end of what
 * was read: the end of the pattern, or what is not ECMA-262. */
static const char *translate(const char *p, size_t stop, struct buf *out)
{
	bool in_class = false;

	while (*p && out->len < stop) {
		size_t taken = 1;

		if (*p == '\\') {
			taken = escape(p, in_class, out);
			if (!taken)
				return p;
		} else {
			if (*p == '(' && !in_class && foreign_group(p))
				return p;
			/* "[[:alpha:]]" is an ordinary class to ECMA-262. */
			if (*p == '[' && in_class)
				buf_addc(out, '\\');
			if (*p == '[')
				in_class = true;
			else if (*p == ']')
				in_class = false;
			buf_addc(out, *p);
		}
		p += taken;
	}
	return p;
}

/* --- compiling and matching ------------------------------------------------------ */

enum { PARENTHESES_MAX = 100 };

static const uint32_t options = PCRE2_UTF | PCRE2_DOLLAR_ENDONLY | PCRE2_ALT_BSUX
                                | PCRE2_ALLOW_EMPTY_CLASS | PCRE2_MATCH_UNSET_BACKREF
                                | PCRE2_NEVER_BACKSLASH_C;

static pcre2_code *compile(const char *pattern, const struct buf *text, struct err *err)
{
	pcre2_compile_context *context = pcre2_compile_context_create(NULL);
	struct buf part = BUF_INIT;
	PCRE2_UCHAR words[ERR_ARG_SIZE];
	pcre2_code *code = NULL;
	PCRE2_SIZE offset = 0;
	int error = PCRE2_ERROR_NOMEMORY;

	if (context) {
		pcre2_set_newline(context, PCRE2_NEWLINE_ANYCRLF);
		pcre2_set_parens_nest_limit(context, PARENTHESES_MAX);
		pcre2_set_compile_extra_options(context, PCRE2_EXTRA_ALT_BSUX);
		code = pcre2_compile((PCRE2_SPTR)buf_str(text), text->len, options, &error,
		                     &offset, context);
	}
	if (!code) {
		pcre2_get_error_message(error, words, sizeof words);
		err_set(err, ERR_INVALID, N_("not a valid regular expression: %s"),
		        (const char *)words);
		/* The offset is one of the translation. */
		err_where(err, "pattern:%zu",
		          (size_t)(translate(pattern, offset, &part) - pattern));
		buf_clear(&part);
	}
	pcre2_compile_context_free(context);
	return code;
}

struct regex *regex_new(const char *pattern, struct err *err)
{
	struct buf text = BUF_INIT;
	struct err_numbuf num;
	struct regex *re = NULL;
	pcre2_code *code;
	const char *end;

	if (strlen(pattern) > REGEX_PATTERN_MAX) {
		err_set(err, ERR_LIMIT, N_("the regular expression is longer than %s bytes"),
		        err_num(&num, REGEX_PATTERN_MAX));
		return NULL;
	}
	end = translate(pattern, SIZE_MAX, &text);
	if (*end) {
		char part[5];

		utf8_copy(part, sizeof part, end);
		err_set(err, ERR_INVALID,
		        N_("not a valid regular expression: ECMA-262 has no %s"), part);
		err_where(err, "pattern:%zu", (size_t)(end - pattern));
	} else if ((code = compile(pattern, &text, err))) {
		re = mem_alloc(sizeof *re);
		re->code = code;
	}
	buf_clear(&text);
	return re;
}

void regex_free(struct regex *re)
{
	if (!re)
		return;
	pcre2_code_free(re->code);
	free(re);
}

static int no_match(int status, struct err *err)
{
	switch (status) {
	case PCRE2_ERROR_NOMATCH:
		return 0;
	case PCRE2_ERROR_MATCHLIMIT:
	case PCRE2_ERROR_DEPTHLIMIT:
	case PCRE2_ERROR_HEAPLIMIT:
	case PCRE2_ERROR_NOMEMORY:
		return err_set(err, ERR_LIMIT,
		               N_("the regular expression takes too many steps on this text"));
	default:
		if (status <= PCRE2_ERROR_UTF8_ERR1 && status >= PCRE2_ERROR_UTF8_ERR21)
			return err_set(err, ERR_INVALID, N_("the text is not valid UTF-8"));
		return err_set(err, ERR_INTERNAL, N_("the regular expression failed"));
	}
}

int regex_match(const struct regex *re, const char *text, size_t len, struct err *err)
{
	pcre2_match_context *context = pcre2_match_context_create(NULL);
	pcre2_match_data *data = pcre2_match_data_create(1, NULL);
	int status = PCRE2_ERROR_NOMEMORY;

	if (context && data) {
		pcre2_set_match_limit(context, REGEX_MATCH_LIMIT);
		pcre2_set_depth_limit(context, REGEX_DEPTH_LIMIT);
		pcre2_set_heap_limit(context, REGEX_HEAP_LIMIT_KIB);
		status = pcre2_match(re->code, (PCRE2_SPTR)text, len, 0, 0, data, context);
	}
	pcre2_match_data_free(data);
	pcre2_match_context_free(context);
	return status >= 0 ? 1 : no_match(status, err);
}
