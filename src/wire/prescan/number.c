/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/prescan/number.h"

/* With 17 digits d.dddd…e308 is finite up to DBL_MAX's own 17 digits; and
 * below 2^-1075 = 2.4703282292062327208…e-324 everything rounds to zero. */
static const uint64_t last_finite = 17976931348623158u;
static const uint64_t last_zero = 24703282292062327u;
enum { LARGEST_EXPONENT = 308, SMALLEST_EXPONENT = -324, DIGITS_MAX = 17 };
static const uint64_t integer_max = ((uint64_t)1 << 53) - 1;

struct mantissa {
	uint64_t digits;       /* the significant ones, while they are <= 17 */
	int64_t count;         /* of significant digits */
	int64_t zeros;         /* zeros since the last significant digit */
	int64_t lead;          /* fraction zeros before the first one */
	int64_t whole;         /* integer digits from the first one on */
};

static bool is_digit(const unsigned char *p, const unsigned char *end)
{
	return p < end && *p >= '0' && *p <= '9';
}

static void take_digit(struct mantissa *m, unsigned digit, bool fraction)
{
	if (!fraction && (m->count || digit))
		m->whole++;
	if (!digit) {
		if (m->count)
			m->zeros++;
		else if (fraction)
			m->lead++;
		return;
	}
	m->count += m->count ? m->zeros + 1 : 1;
	if (m->count <= DIGITS_MAX) {
		for (; m->zeros; m->zeros--)
			m->digits *= 10;
		m->digits = m->digits * 10 + digit;
	}
	m->zeros = 0;
}

static enum prescan_fault missing_digit(const unsigned char *p, const unsigned char *end)
{
	return p < end ? PRESCAN_SYNTAX : PRESCAN_END;
}

/* *p stands on 'e' or 'E'. The exponent is capped: the result is clear long
 * before. */
static enum prescan_fault take_exponent(const unsigned char **p, const unsigned char *end,
                                        int64_t *exponent)
{
	const int64_t cap = 100000000;
	bool negative = false;
	int64_t n = 0;

	(*p)++;
	if (*p < end && (**p == '+' || **p == '-'))
		negative = *(*p)++ == '-';
	if (!is_digit(*p, end))
		return missing_digit(*p, end);
	for (; is_digit(*p, end); (*p)++)
		n = n < cap ? n * 10 + (**p - '0') : cap;
	*exponent = negative ? -n : n;
	return PRESCAN_NONE;
}

static enum prescan_fault judge_integer(const struct mantissa *m)
{
	uint64_t n = m->digits;

	if (m->whole > 16)
		return PRESCAN_INTEGER;
	for (int64_t i = 0; i < m->zeros; i++)
		n *= 10;
	return n > integer_max ? PRESCAN_INTEGER : PRESCAN_NONE;
}

static enum prescan_fault judge_real(const struct mantissa *m, int64_t exponent)
{
	uint64_t padded = m->digits;

	if (m->count > DIGITS_MAX)
		return PRESCAN_DIGITS;
	if (!m->count)
		return PRESCAN_NONE;
	exponent += m->whole ? m->whole - 1 : -m->lead - 1;
	for (int64_t n = m->count; n < DIGITS_MAX; n++)
		padded *= 10;
	if (exponent > LARGEST_EXPONENT
	    || (exponent == LARGEST_EXPONENT && padded > last_finite))
		return PRESCAN_OVERFLOW;
	if (exponent < SMALLEST_EXPONENT
	    || (exponent == SMALLEST_EXPONENT && padded <= last_zero))
		return PRESCAN_UNDERFLOW;
	return PRESCAN_NONE;
}

enum prescan_fault prescan_number(const unsigned char **p, const unsigned char *end)
{
	struct mantissa m = { 0 };
	enum prescan_fault fault;
	bool integer = true;
	int64_t exponent = 0;

	if (**p == '-')
		(*p)++;
	if (!is_digit(*p, end))
		return missing_digit(*p, end);
	if (**p == '0')
		(*p)++;
	else
		for (; is_digit(*p, end); (*p)++)
			take_digit(&m, (unsigned)(**p - '0'), false);
	if (*p < end && **p == '.') {
		integer = false;
		(*p)++;
		if (!is_digit(*p, end))
			return missing_digit(*p, end);
		for (; is_digit(*p, end); (*p)++)
			take_digit(&m, (unsigned)(**p - '0'), true);
	}
	if (*p < end && (**p == 'e' || **p == 'E')) {
		integer = false;
		fault = take_exponent(p, end, &exponent);
		if (fault != PRESCAN_NONE)
			return fault;
	}
	return integer ? judge_integer(&m) : judge_real(&m, exponent);
}
