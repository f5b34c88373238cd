/* SPDX-License-Identifier: Apache-2.0 */
#include "server/guard.h"

#include <string.h>
#include <strings.h>

#include "base/msg.h"

enum { TARGET_MAX = 8000, LENGTH_DIGITS = 15, SPACE_MAX = 64 };

static const struct guard_rule rules[GUARD_CAUSES] = {
	[GUARD_NONE] = { "none", PROBLEM_INTERNAL, "" },
	[GUARD_TARGET] = { "target", PROBLEM_MALFORMED,
		N_("the request target is not a plain path of at most 8000 bytes") },
	[GUARD_ESCAPE] = { "escape", PROBLEM_MALFORMED,
		N_("the path holds an escape or a dot segment that is not allowed") },
	[GUARD_VERSION] = { "version", PROBLEM_MALFORMED, N_("only HTTP/1.1 and HTTP/1.0 are spoken here") },
	[GUARD_LINE] = { "line", PROBLEM_MALFORMED,
		N_("a line of the head is folded, holds a NUL, or does not end in CR LF") },
	[GUARD_HOST] = { "host", PROBLEM_MALFORMED, N_("a request has exactly one Host header") },
	[GUARD_HEADER_NAME] = { "header-name", PROBLEM_MALFORMED, N_("a header name is malformed") },
	[GUARD_HEADER_VALUE] = { "header-value", PROBLEM_MALFORMED,
		N_("a header value holds a control character") },
	[GUARD_LENGTH] = { "content-length", PROBLEM_MALFORMED,
		N_("Content-Length is repeated or not a plain number") },
	[GUARD_ENCODING] = { "transfer-encoding", PROBLEM_MALFORMED,
		N_("Transfer-Encoding is repeated or not \"chunked\"") },
	[GUARD_LENGTH_AND_ENCODING] = { "length-and-encoding", PROBLEM_MALFORMED,
		N_("Content-Length and Transfer-Encoding exclude each other") },
	[GUARD_CONTENT_ENCODING] = { "content-encoding", PROBLEM_MALFORMED,
		N_("compressed bodies are not accepted") },
	[GUARD_CREDENTIALS] = { "credentials", PROBLEM_MALFORMED,
		N_("Authorization or Countersign-Wire is repeated") },
	[GUARD_EXPECT] = { "expect", PROBLEM_MALFORMED, N_("only the expectation 100-continue is known") },
	[GUARD_BODY] = { "body", PROBLEM_MALFORMED, N_("this route takes no body") },
	[GUARD_TOO_LARGE] = { "too-large", PROBLEM_TOO_LARGE, N_("the body is larger than this route takes") },
};

const struct guard_rule *guard_rule(enum guard_cause cause)
{
	return &rules[cause];
}

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte an escape stands for, or -1 where it is broken. */
static int escaped(const char *p)
{
	int hi = hex(p[1]), lo = hi < 0 ? -1 : hex(p[2]);

	return lo < 0 ? -1 : hi * 16 + lo;
}

static bool dot_segment(const char *path, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		size_t next = i + 1, end = next + strcspn(path + next, "/?");

		if (path[i] != '/')
			continue;
		if (end == next && next < len)
			return true;   /* an empty segment: // */
		if ((end == next + 1 && path[next] == '.')
		    || (end == next + 2 && path[next] == '.' && path[next + 1] == '.'))
			return true;
	}
	return false;
}

enum guard_cause guard_target(const char *target)
{
	size_t len = strlen(target), path = strcspn(target, "?");

	if (target[0] != '/' || len > TARGET_MAX)
		return GUARD_TARGET;
	for (size_t i = 0; i < len; i++) {
		char c = target[i];
		int byte;

		if (c <= 0x20 || c >= 0x7f || strchr("\"#<>\\^`{|}", c))
			return GUARD_TARGET;
		if (c != '%')
			continue;
		byte = escaped(target + i);
		if (byte <= 0)
			return GUARD_ESCAPE;
		/* In a path an escaped separator, dot or percent sign would mean
		 * one thing here and another in front of us. */
		if (i < path && (byte < 0x20 || byte == 0x7f || strchr("/\\.%", byte)))
			return GUARD_ESCAPE;
	}
	return dot_segment(target, path) ? GUARD_ESCAPE : GUARD_NONE;
}

void guard_head_init(struct guard_head *head, const char *target, const char *version)
{
	memset(head, 0, sizeof *head);
	head->cause = guard_target(target);
	if (!head->cause && strcmp(version, "HTTP/1.1") != 0 && strcmp(version, "HTTP/1.0") != 0)
		head->cause = GUARD_VERSION;
}

void guard_head_lines(struct guard_head *head, const char *target, size_t target_len,
                      const char *version)
{
	if (!head->cause && target + target_len + 1 != version)
		head->cause = GUARD_LINE;
	head->line = version + strlen(version) + 2;
}

/* Follows the head through the memory it was received in. */
static bool in_line(struct guard_head *head, const char *name, size_t name_len,
                    const char *value, size_t value_len)
{
	const char *wanted = head->line, *colon = name + name_len;

	if (!wanted)
		return true;
	head->line = value + value_len + 2;
	return name == wanted && value > colon && value <= colon + SPACE_MAX;
}

/* RFC 9110 5.6.2 */
static bool is_token(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)s[i] <= 0x20 || (unsigned char)s[i] >= 0x7f
		    || strchr("\"(),/:;<=>?@[\\]{}", s[i]))
			return false;
	return len > 0;
}

static bool is_plain(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (((unsigned char)s[i] < 0x20 && s[i] != '\t') || s[i] == 0x7f)
			return false;
	return true;
}

/* Digits only: "+2", "-1", "0x5" and "1 0" are read differently elsewhere. */
static bool read_length(const char *s, int64_t *out)
{
	size_t len = strspn(s, "0123456789");
	int64_t n = 0;

	if (!len || s[len] || len > LENGTH_DIGITS)
		return false;
	for (size_t i = 0; i < len; i++)
		n = n * 10 + (s[i] - '0');
	*out = n;
	return true;
}

static enum guard_cause note(struct guard_head *head, const char *name, const char *value)
{
	if (!strcasecmp(name, "Host")) {
		head->hosts++;
	} else if (!strcasecmp(name, "Content-Length")) {
		if (++head->lengths > 1 || !read_length(value, &head->length))
			return GUARD_LENGTH;
	} else if (!strcasecmp(name, "Transfer-Encoding")) {
		if (++head->encodings > 1 || strcasecmp(value, "chunked") != 0)
			return GUARD_ENCODING;
		head->chunked = true;
	} else if (!strcasecmp(name, "Content-Encoding")) {
		if (strcasecmp(value, "identity") != 0)
			return GUARD_CONTENT_ENCODING;
	} else if (!strcasecmp(name, "Authorization")) {
		if (++head->credentials > 1)
			return GUARD_CREDENTIALS;
		head->authorization = value;
	} else if (!strcasecmp(name, "Countersign-Wire")) {
		if (++head->wires > 1)
			return GUARD_CREDENTIALS;
		head->wire = value;
	} else if (!strcasecmp(name, "Expect")) {
		if (strcasecmp(value, "100-continue") != 0)
			return GUARD_EXPECT;
		head->expects = true;
	}
	return GUARD_NONE;
}

void guard_head_add(struct guard_head *head, const char *name, size_t name_len,
                    const char *value, size_t value_len)
{
	enum guard_cause cause;

	if (!in_line(head, name, name_len, value, value_len))
		cause = GUARD_LINE;
	else if (!is_token(name, name_len))
		cause = GUARD_HEADER_NAME;
	else if (!is_plain(value, value_len))
		cause = GUARD_HEADER_VALUE;
	else
		cause = note(head, name, value);
	if (!head->cause)
		head->cause = cause;
}

enum guard_cause guard_head_end(struct guard_head *head)
{
	if (head->cause)
		return head->cause;
	if (head->encodings && head->lengths)
		head->cause = GUARD_LENGTH_AND_ENCODING;
	else if (head->hosts != 1)
		head->cause = GUARD_HOST;
	return head->cause;
}

bool guard_count_add(struct guard_count *count, enum guard_cause cause, int64_t now_us)
{
	int64_t *last = &count->logged_us[cause];

	count->refused[cause]++;
	if (*last && now_us - *last < 1000000)
		return false;
	*last = now_us ? now_us : 1;
	return true;
}
