/* SPDX-License-Identifier: Apache-2.0 */
#include "view/review/shape.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

/* Beginnings of month names in the languages of documents seen so far: English,
 * German, French, Spanish, Italian, Portuguese, Dutch. */
static bool month_name(const char *s, size_t len)
{
	static const char *const months[] = { "jan", "ene", "gen", "feb", "fév", "fev", "mar",
		"mär", "maa", "apr", "avr", "abr", "may", "mai", "mag", "mei", "jun", "jui", "giu",
		"jul", "lug", "aug", "ao", "ago", "sep", "set", "okt", "oct", "ott", "out", "nov",
		"dec", "déc", "dez", "dic" };

	for (size_t i = 0; i < sizeof months / sizeof *months; i++) {
		size_t n = strlen(months[i]);

		if (len >= n && strncasecmp(s, months[i], n) == 0)
			return true;
	}
	return false;
}

/* A part of a date: a number, or the name of a month. Returns its length. */
static size_t date_part(const char *s, size_t len, long *number)
{
	size_t at = 0;

	*number = 0;
	while (at < len && at < 5 && isdigit((unsigned char)s[at]))
		*number = *number * 10 + (s[at++] - '0');
	if (at)
		return at == 3 || at == 5 ? 0 : at;
	while (at < len && (isalpha((unsigned char)s[at]) || (unsigned char)s[at] >= 0x80))
		at++;
	*number = -1;
	return at >= 3 && at <= 12 && month_name(s, at) ? at : 0;
}

static bool date_numbers(const long part[3], const size_t digits[3])
{
	bool name_first = part[0] < 0, name_second = part[1] < 0;
	long day, month, year = part[2];

	if (digits[0] == 4 && part[1] >= 0)
		return part[1] >= 1 && part[1] <= 12 && part[2] >= 1 && part[2] <= 31;
	if (year < 0 || (digits[2] != 2 && digits[2] != 4))
		return false;
	day = name_first ? part[1] : part[0];
	month = name_first || name_second ? 1 : part[1];
	/* both orders of day and month are in use */
	return day >= 1 && month >= 1 && day <= 31 && month <= 31
		&& (day <= 12 || month <= 12);
}

/* Length of a date at s: day, month and year with "/", "." or "-" between them,
 * or blanks and commas around the name of a month; 0: none. */
static size_t date_length(const char *s, size_t len)
{
	size_t at = 0, digits[3];
	long part[3];
	bool name = false, blanks = false;

	for (int i = 0; i < 3; i++) {
		size_t used = date_part(s + at, len - at, &part[i]), gap = 0;

		if (!used)
			return 0;
		digits[i] = part[i] < 0 ? 0 : used;
		name |= part[i] < 0;
		at += used;
		for (; i < 2 && at < len && gap < 4 && strchr("/.- ,'", s[at]); gap++)
			blanks |= s[at++] == ' ';
		if (i < 2 && !gap)
			return 0;
	}
	return (!blanks || name) && date_numbers(part, digits) ? at : 0;
}

/* The digit a character was probably misread from, or 0. */
static char digit_like(char c)
{
	static const char pairs[] = "O0o0D0Q0l1I1|1i1Z2z2S5s5B8g9";

	if (isdigit((unsigned char)c))
		return c;
	for (const char *at = pairs; c && *at; at += 2)
		if (*at == c)
			return at[1];
	return 0;
}

/* Length of an amount at s: digits with separators, two at the end after a point
 * or comma; 0: none. Blanks beside the last separator and letters that look like
 * digits are forgiven; read gets what it is then read as, else "". */
static size_t amount_length(const char *s, size_t len, char read[SHAPE_READ_SIZE])
{
	size_t at = len && s[0] == '-' ? 1 : 0, used = 0, last = 0, digits = 0, forgiven = 0;

	if (at)
		read[used++] = '-';
	if (at >= len || !digit_like(s[at]))
		return 0;
	for (; at < len && used + 1 < SHAPE_READ_SIZE; at++) {
		size_t gap = s[at] == ' ';
		char c = digit_like(s[at]);

		if (c) {
			digits += c == s[at];
			forgiven += c != s[at];
			read[used++] = c;
		} else if (at + gap + 1 < len && strchr(".,", s[at + gap])
		           && digit_like(s[at + gap + 1 + (s[at + gap + 1] == ' ' && !gap
		                         && at + 2 < len)])) {
			forgiven += gap;
			at += gap;
			last = used;
			read[used++] = s[at];
			if (s[at + 1] == ' ') {
				forgiven++;
				at++;
			}
		} else {
			break;
		}
	}
	read[used] = '\0';
	if (!last || used - last != 3 || digits < 2 || digits < forgiven)
		return 0;
	if (!forgiven)
		read[0] = '\0';
	return at;
}

static size_t number_length(const char *s, size_t len)
{
	size_t at = 0, digits = 0;

	while (at < len && (isalnum((unsigned char)s[at]) || strchr("-/_", s[at]))) {
		digits += isdigit((unsigned char)s[at]) != 0;
		at++;
	}
	while (at && !isalnum((unsigned char)s[at - 1]))
		at--;
	return digits >= 4 ? at : 0;
}

size_t shape_length(enum shape shape, const char *s, size_t len, char read[SHAPE_READ_SIZE])
{
	read[0] = '\0';
	switch (shape) {
	case SHAPE_DATE:
		return date_length(s, len);
	case SHAPE_AMOUNT:
		return amount_length(s, len, read);
	case SHAPE_NUMBER:
		return number_length(s, len);
	case SHAPE_LINE:
		break;
	}
	return 0;
}
