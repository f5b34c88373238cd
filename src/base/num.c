/* SPDX-License-Identifier: Apache-2.0 */
#include "base/num.h"

#include <ctype.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- shortest text ------------------------------------------------------------ */

enum { DIGITS_MAX = 17 };

/* digits d1 d2 … dn of the value d1.d2…dn × 10^exponent */
struct decimal {
	char digits[DIGITS_MAX + 1];
	int count, exponent;
};

/* Reads "d.ddde±xx". */
static void from_printf(struct decimal *n, const char *text)
{
	n->count = 0;
	for (; *text != 'e'; text++)
		if (isdigit((unsigned char)*text))
			n->digits[n->count++] = *text;
	n->digits[n->count] = '\0';
	n->exponent = (int)strtol(text + 1, NULL, 10);
}

static bool reads_back(const struct decimal *n, double d)
{
	char text[DIGITS_MAX + 16];

	/* Without a point: independent of the locale of the process. */
	snprintf(text, sizeof text, "%se%d", n->digits, n->exponent - n->count + 1);
	return strtod(text, NULL) == d;
}

/* The next larger decimal with as many digits. */
static void step_up(struct decimal *n)
{
	int i = n->count - 1;

	while (i >= 0 && n->digits[i] == '9')
		n->digits[i--] = '0';
	if (i >= 0) {
		n->digits[i]++;
	} else {
		n->digits[0] = '1';
		n->exponent++;
	}
}

/* The shortest digits that read back as d > 0, of these the nearest. Usually
 * that is d rounded to so many digits; where d is a power of two, the gap below
 * is half that above, and the neighbour above may read back where the nearest
 * decimal, which lies below, does not. */
static void shortest(double d, struct decimal *n)
{
	/* A normal double that has at most DBL_DIG digits shows them at DBL_DIG. */
	int count = d < DBL_MIN ? 1 : DBL_DIG;
	char text[DIGITS_MAX + 16];

	for (;; count++) {
		snprintf(text, sizeof text, "%.*e", count - 1, d);
		from_printf(n, text);
		if (count == DIGITS_MAX || reads_back(n, d))
			break;
		step_up(n);
		if (reads_back(n, d))
			break;
	}
	while (n->count > 1 && n->digits[n->count - 1] == '0')
		n->digits[--n->count] = '\0';
}

static char *put(char *out, const char *digits, int count)
{
	memcpy(out, digits, (size_t)count);
	return out + count;
}

static char *put_zeros(char *out, int count)
{
	memset(out, '0', (size_t)count);
	return out + count;
}

/* ECMA-262 Number::toString with k = count and n = exponent + 1. Writes at most
 * 24 characters and NUL. */
static void write_decimal(const struct decimal *d, char *out)
{
	int k = d->count, n = d->exponent + 1;

	if (k <= n && n <= 21) {
		out = put_zeros(put(out, d->digits, k), n - k);
	} else if (n > 0 && n <= 21) {
		out = put(put(out, d->digits, n), ".", 1);
		out = put(out, d->digits + n, k - n);
	} else if (n > -6 && n <= 0) {
		out = put(put_zeros(put(out, "0.", 2), -n), d->digits, k);
	} else {
		out = put(out, d->digits, 1);
		if (k > 1)
			out = put(put(out, ".", 1), d->digits + 1, k - 1);
		out += snprintf(out, 8, "e%+d", n - 1);
	}
	*out = '\0';
}

const char *num_es6(double d, char out[NUM_TEXT_SIZE])
{
	struct decimal n;

	if (d == 0 || !isfinite(d)) {
		memcpy(out, "0", 2);
		return out;
	}
	if (fabs(d) < 9007199254740992.0 && d == (double)(long long)d) {
		snprintf(out, NUM_TEXT_SIZE, "%lld", (long long)d);
		return out;
	}
	shortest(fabs(d), &n);
	if (d < 0)
		out[0] = '-';
	write_decimal(&n, out + (d < 0));
	return out;
}

/* --- decimals as text --------------------------------------------------------- */

static const char *skip_digits(const char *p)
{
	while (isdigit((unsigned char)*p))
		p++;
	return p;
}

bool num_valid(const char *text)
{
	const char *p = text, *end;

	if (*p == '-')
		p++;
	end = skip_digits(p);
	if (end == p || (*p == '0' && end - p > 1))
		return false;
	p = end;
	if (*p == '.') {
		end = skip_digits(p + 1);
		if (end == p + 1)
			return false;
		p = end;
	}
	if (*p == 'e' || *p == 'E') {
		p++;
		if (*p == '+' || *p == '-')
			p++;
		end = skip_digits(p);
		if (end == p)
			return false;
		p = end;
	}
	return *p == '\0';
}

/* A decimal as sign and 0.d1d2d3… × 10^scale, digits read in place. */
struct exact {
	int sign;            /* -1, 0, 1 */
	const char *digit;   /* first significant digit */
	const char *end;     /* behind the last digit, a point may lie between */
	long scale;
};

static struct exact parse(const char *text)
{
	struct exact n = { .sign = 1 };
	const char *p = text, *point, *end;

	if (*p == '-') {
		n.sign = -1;
		p++;
	}
	point = skip_digits(p);
	end = *point == '.' ? skip_digits(point + 1) : point;
	while (p < end && (*p == '0' || *p == '.'))
		p++;
	if (p == end) {
		n.sign = 0;
		return n;
	}
	n.digit = p;
	n.end = end;
	n.scale = p < point ? point - p : point + 1 - p;
	if (*end)
		n.scale += strtol(end + 1, NULL, 10);
	return n;
}

/* The next digit, '0' behind the last. */
static char next_digit(struct exact *n)
{
	if (n->digit < n->end && *n->digit == '.')
		n->digit++;
	return n->digit < n->end ? *n->digit++ : '0';
}

static int compare_size(struct exact a, struct exact b)
{
	if (a.scale != b.scale)
		return a.scale < b.scale ? -1 : 1;
	while (a.digit < a.end || b.digit < b.end) {
		char x = next_digit(&a), y = next_digit(&b);

		if (x != y)
			return x < y ? -1 : 1;
	}
	return 0;
}

int num_compare(const char *a, const char *b)
{
	struct exact x = parse(a), y = parse(b);

	if (x.sign != y.sign)
		return x.sign < y.sign ? -1 : 1;
	return x.sign ? x.sign * compare_size(x, y) : 0;
}
