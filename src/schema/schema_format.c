/* SPDX-License-Identifier: Apache-2.0
 *
 * RFC 3339 5.6: full-date and date-time. Days must exist; second 60 only at
 * the end of a day in UTC, where leap seconds are put.
 */
#include <string.h>

#include "schema/schema_node.h"

/* Reads exactly digits decimal digits. */
static bool number(const char **s, int digits, int *out)
{
	*out = 0;
	for (; digits > 0; digits--, (*s)++) {
		if (**s < '0' || **s > '9')
			return false;
		*out = *out * 10 + (**s - '0');
	}
	return true;
}

static bool accept(const char **s, char c)
{
	if (**s != c)
		return false;
	(*s)++;
	return true;
}

static bool date(const char **s)
{
	static const int days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int y, m, d;

	if (!number(s, 4, &y) || !accept(s, '-') || !number(s, 2, &m) || !accept(s, '-') ||
	    !number(s, 2, &d))
		return false;
	if (m < 1 || m > 12 || d < 1 || d > days[m - 1])
		return false;
	return m != 2 || d != 29 || (y % 4 == 0 && (y % 100 != 0 || y % 400 == 0));
}

/* Minutes east of UTC. */
static bool offset(const char **s, int *minutes)
{
	bool west = **s == '-';
	int h, m;

	*minutes = 0;
	if (accept(s, 'Z') || accept(s, 'z'))
		return true;
	if (!accept(s, '+') && !accept(s, '-'))
		return false;
	if (!number(s, 2, &h) || !accept(s, ':') || !number(s, 2, &m) || h > 23 || m > 59)
		return false;
	*minutes = west ? -(h * 60 + m) : h * 60 + m;
	return true;
}

static bool date_time(const char *s)
{
	int h, m, sec, minutes;

	if (!date(&s) || (!accept(&s, 'T') && !accept(&s, 't')))
		return false;
	if (!number(&s, 2, &h) || !accept(&s, ':') || !number(&s, 2, &m) ||
	    !accept(&s, ':') || !number(&s, 2, &sec) || h > 23 || m > 59 || sec > 60)
		return false;
	if (accept(&s, '.')) {
		if (*s < '0' || *s > '9')
			return false;
		s += strspn(s, "0123456789");
	}
	if (!offset(&s, &minutes) || *s)
		return false;
	minutes = (h * 60 + m - minutes + 2 * 24 * 60) % (24 * 60);
	return sec < 60 || minutes == 23 * 60 + 59;
}

bool schema_format_holds(enum schema_format format, const char *s)
{
	switch (format) {
	case SCHEMA_NO_FORMAT:
		return true;
	case SCHEMA_DATE:
		return date(&s) && !*s;
	case SCHEMA_DATE_TIME:
		return date_time(s);
	}
	return false;
}
