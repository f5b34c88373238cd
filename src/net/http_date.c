/* SPDX-License-Identifier: Apache-2.0
 *
 * Times in HTTP headers: HTTP-date in its three forms (RFC 9110 5.6.7) and
 * Retry-After (10.2.3). Names of days and months are English by the standard
 * and compared byte by byte, whatever the locale.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "net/http.h"

enum { DAY_S = 24 * 60 * 60 };

static const char months[][4] = {
	"Jan", "Feb", "Mar", "Apr", "May", "Jun",
	"Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
};

struct http_date {
	int year, month, day, hour, minute, second;
};

/* Reads digits exactly as wide as asked; false where one is none. */
static bool digits(const char **p, int width, int *out)
{
	int n = 0;

	for (int i = 0; i < width; i++, (*p)++) {
		if (**p < '0' || **p > '9')
			return false;
		n = n * 10 + (**p - '0');
	}
	*out = n;
	return true;
}

static bool literal(const char **p, const char *text)
{
	size_t len = strlen(text);

	if (strncmp(*p, text, len) != 0)
		return false;
	*p += len;
	return true;
}

static bool month(const char **p, int *out)
{
	for (int i = 0; i < 12; i++)
		if (literal(p, months[i])) {
			*out = i + 1;
			return true;
		}
	return false;
}

static bool clock_time(const char **p, struct http_date *d)
{
	return digits(p, 2, &d->hour) && literal(p, ":") && digits(p, 2, &d->minute) &&
	       literal(p, ":") && digits(p, 2, &d->second);
}

/* Sun, 06 Nov 1994 08:49:37 GMT, after the comma */
static bool imf_fixdate(const char *p, struct http_date *d)
{
	return literal(&p, " ") && digits(&p, 2, &d->day) && literal(&p, " ") &&
	       month(&p, &d->month) && literal(&p, " ") && digits(&p, 4, &d->year) &&
	       literal(&p, " ") && clock_time(&p, d) && literal(&p, " GMT") && !*p;
}

/* Sunday, 06-Nov-94 08:49:37 GMT, after the comma. Two digits of a year mean
 * the last such year that is not more than 50 years ahead. */
static bool rfc850_date(const char *p, struct http_date *d)
{
	char now[CLOCK_TEXT_SIZE];
	int this_year;

	if (!(literal(&p, " ") && digits(&p, 2, &d->day) && literal(&p, "-") &&
	      month(&p, &d->month) && literal(&p, "-") && digits(&p, 2, &d->year) &&
	      literal(&p, " ") && clock_time(&p, d) && literal(&p, " GMT") && !*p))
		return false;
	clock_text(clock_now_ms(), now);
	this_year = (int)strtol(now, NULL, 10);
	d->year += this_year - this_year % 100;
	if (d->year > this_year + 50)
		d->year -= 100;
	return true;
}

/* Sun Nov  6 08:49:37 1994, after the day's name */
static bool asctime_date(const char *p, struct http_date *d)
{
	bool day;

	if (!literal(&p, " ") || !month(&p, &d->month) || !literal(&p, " "))
		return false;
	day = *p == ' ' ? (p++, digits(&p, 1, &d->day)) : digits(&p, 2, &d->day);
	return day && literal(&p, " ") && clock_time(&p, d) && literal(&p, " ") &&
	       digits(&p, 4, &d->year) && !*p;
}

bool http_date_parse(const char *text, int64_t *at_ms)
{
	const char *comma = strchr(text, ',');
	struct http_date d = { 0 };
	char iso[40];
	bool ok;

	if (comma)
		ok = imf_fixdate(comma + 1, &d) || rfc850_date(comma + 1, &d);
	else
		ok = strlen(text) > 3 && asctime_date(text + 3, &d);
	if (!ok)
		return false;
	/* A leap second is the last second of its minute for us. */
	if (d.second == 60)
		d.second = 59;
	snprintf(iso, sizeof iso, "%04d-%02d-%02dT%02d:%02d:%02dZ", d.year, d.month, d.day,
	         d.hour, d.minute, d.second);
	return clock_parse(iso, at_ms);
}

bool http_retry_after_parse(const char *text, int64_t now_ms, int64_t *after_ms)
{
	int64_t seconds = 0, at_ms;

	if (*text && !text[strspn(text, "0123456789")]) {
		for (; *text && seconds <= DAY_S; text++)
			seconds = seconds * 10 + (*text - '0');
		*after_ms = (seconds < DAY_S ? seconds : DAY_S) * 1000;
		return true;
	}
	if (!http_date_parse(text, &at_ms))
		return false;
	*after_ms = at_ms - now_ms;
	if (*after_ms < 0)
		*after_ms = 0;
	if (*after_ms > (int64_t)DAY_S * 1000)
		*after_ms = (int64_t)DAY_S * 1000;
	return true;
}
