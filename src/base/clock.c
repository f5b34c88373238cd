/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

int64_t clock_now_ms(void)
{
	return clock_source_ms(CLOCK_REALTIME);
}

int64_t clock_boot_ms(void)
{
	return clock_source_ms(CLOCK_BOOTTIME);
}

int64_t clock_mono_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

const char *clock_text(int64_t at_ms, char out[CLOCK_TEXT_SIZE])
{
	int64_t sec = at_ms / 1000, ms = at_ms % 1000;
	time_t t;
	struct tm tm;

	if (ms < 0) {
		ms += 1000;
		sec--;
	}
	t = (time_t)sec;
	if (!gmtime_r(&t, &tm) || tm.tm_year < -1900 || tm.tm_year > 8099) {
		memcpy(out, "0000-01-01T00:00:00.000Z", CLOCK_TEXT_SIZE);
		return out;
	}
	snprintf(out, CLOCK_TEXT_SIZE, "%04u-%02u-%02uT%02u:%02u:%02u.%03uZ",
	         (unsigned)(tm.tm_year + 1900) % 10000, (unsigned)(tm.tm_mon + 1) % 100,
	         (unsigned)tm.tm_mday % 100, (unsigned)tm.tm_hour % 100,
	         (unsigned)tm.tm_min % 100, (unsigned)tm.tm_sec % 100,
	         (unsigned)ms % 1000);
	return out;
}

static bool digits(const char **p, int count, int *out)
{
	int n = 0;

	for (int i = 0; i < count; i++) {
		if (!isdigit((unsigned char)(*p)[i]))
			return false;
		n = n * 10 + ((*p)[i] - '0');
	}
	*p += count;
	*out = n;
	return true;
}

static bool literal(const char **p, const char *set)
{
	if (!**p || !strchr(set, **p))
		return false;
	(*p)++;
	return true;
}

static bool fraction(const char **p, int *ms)
{
	int scale = 100, count = 0;

	*ms = 0;
	if (**p != '.')
		return true;
	for ((*p)++; isdigit((unsigned char)**p); (*p)++, count++) {
		*ms += (**p - '0') * scale;
		scale /= 10;
	}
	return count >= 1 && count <= 9;
}

static bool offset(const char **p, int *minutes)
{
	int sign, h, m;

	*minutes = 0;
	if (**p == 'Z' || **p == 'z') {
		(*p)++;
		return true;
	}
	sign = **p == '-' ? -1 : 1;
	if (!literal(p, "+-") || !digits(p, 2, &h) || !literal(p, ":")
	    || !digits(p, 2, &m) || h > 23 || m > 59)
		return false;
	*minutes = sign * (h * 60 + m);
	return true;
}

bool clock_parse(const char *text, int64_t *at_ms)
{
	struct tm tm = { 0 }, back;
	const char *p = text;
	int year, ms, off;
	time_t t;

	if (!digits(&p, 4, &year) || !literal(&p, "-") || !digits(&p, 2, &tm.tm_mon)
	    || !literal(&p, "-") || !digits(&p, 2, &tm.tm_mday) || !literal(&p, "Tt")
	    || !digits(&p, 2, &tm.tm_hour) || !literal(&p, ":")
	    || !digits(&p, 2, &tm.tm_min) || !literal(&p, ":")
	    || !digits(&p, 2, &tm.tm_sec) || !fraction(&p, &ms) || !offset(&p, &off) || *p)
		return false;
	tm.tm_year = year - 1900;
	tm.tm_mon--;
	back = tm;
	t = timegm(&back);
	if (back.tm_mon != tm.tm_mon || back.tm_mday != tm.tm_mday
	    || back.tm_hour != tm.tm_hour || back.tm_min != tm.tm_min
	    || back.tm_sec != tm.tm_sec)
		return false;
	*at_ms = ((int64_t)t - (int64_t)off * 60) * 1000 + ms;
	return true;
}
