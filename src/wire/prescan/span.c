/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "wire/prescan.h"
#include "wire/prescan/key.h"

/* Walks over bytes that have passed a scan: form is not checked again. */

static const char *skip_white(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t'))
		p++;
	return p;
}

/* p stands on the opening quote. */
static const char *skip_string(const char *p, const char *end)
{
	for (p++; p < end && *p != '"'; p++)
		if (*p == '\\')
			p++;
	return p < end ? p + 1 : end;
}

static const char *skip_container(const char *p, const char *end)
{
	size_t depth = 0;

	while (p < end) {
		if (*p == '"') {
			p = skip_string(p, end);
			continue;
		}
		if (*p == '{' || *p == '[')
			depth++;
		else if (*p == '}' || *p == ']')
			depth--;
		p++;
		if (!depth)
			break;
	}
	return p;
}

static const char *skip_value(const char *p, const char *end)
{
	if (p == end)
		return p;
	if (*p == '"')
		return skip_string(p, end);
	if (*p == '{' || *p == '[')
		return skip_container(p, end);
	while (p < end && !strchr(",]} \t\r\n", *p))
		p++;
	return p;
}

/* Is the reference token at pointer (up to '/' or the end) the key whose
 * unescaped text is [key, key_end)? */
static bool token_is(const char *token, size_t token_len, const char *key,
                     const char *key_end)
{
	const unsigned char *p = (const unsigned char *)key;
	const unsigned char *p_end = (const unsigned char *)key_end;
	size_t at = 0;
	char piece[4];

	while (p < p_end) {
		size_t n = prescan_unescape(&p, piece);

		for (size_t i = 0; i < n; i++) {
			char c = at < token_len ? token[at++] : '\0';

			if (c == '~' && at < token_len)
				c = token[at++] == '1' ? '/' : '~';
			if (c != piece[i])
				return false;
		}
	}
	return at == token_len;
}

/* Both return the start of the value, or NULL. p stands on the bracket. */
static const char *find_member(const char *p, const char *end, const char *token, size_t len)
{
	for (p = skip_white(p + 1, end); p < end && *p != '}'; p = skip_white(p, end)) {
		const char *key = p + 1, *key_end;

		p = skip_string(p, end);
		key_end = p - 1;
		p = skip_white(skip_white(p, end) + 1, end);
		if (token_is(token, len, key, key_end))
			return p;
		p = skip_white(skip_value(p, end), end);
		if (p < end && *p == ',')
			p++;
	}
	return NULL;
}

static const char *find_element(const char *p, const char *end, const char *token, size_t len)
{
	size_t index = 0;

	if (!len || len > 9 || (len > 1 && token[0] == '0'))
		return NULL;
	for (size_t i = 0; i < len; i++) {
		if (token[i] < '0' || token[i] > '9')
			return NULL;
		index = index * 10 + (size_t)(token[i] - '0');
	}
	for (p = skip_white(p + 1, end); p < end && *p != ']'; p = skip_white(p, end)) {
		if (!index--)
			return p;
		p = skip_white(skip_value(p, end), end);
		if (p < end && *p == ',')
			p++;
	}
	return NULL;
}

bool prescan_span(const char *bytes, size_t len, const char *pointer,
                  const char **start, size_t *span_len)
{
	const char *end = bytes + len, *p = skip_white(bytes, end);

	while (*pointer == '/') {
		size_t n = strcspn(++pointer, "/");

		if (p < end && *p == '{')
			p = find_member(p, end, pointer, n);
		else if (p < end && *p == '[')
			p = find_element(p, end, pointer, n);
		else
			p = NULL;
		if (!p)
			return false;
		pointer += n;
	}
	if (*pointer || p == end)
		return false;
	*start = p;
	*span_len = (size_t)(skip_value(p, end) - p);
	return true;
}

bool prescan_items(struct prescan_items *it, const char *bytes, size_t len,
                   const char *pointer)
{
	const char *start;
	size_t n;

	if (!prescan_span(bytes, len, pointer, &start, &n) || *start != '[')
		return false;
	it->at = start + 1;
	it->end = start + n - 1;
	return true;
}

bool prescan_next(struct prescan_items *it, const char **start, size_t *span_len)
{
	it->at = skip_white(it->at, it->end);
	if (it->at == it->end)
		return false;
	*start = it->at;
	it->at = skip_value(it->at, it->end);
	*span_len = (size_t)(it->at - *start);
	it->at = skip_white(it->at, it->end);
	if (it->at < it->end)
		it->at++;
	return true;
}
