/* SPDX-License-Identifier: Apache-2.0
 *
 * Alone in its object file: test programs link one of their own instead.
 */
#include "base/crash.h"

void crash_point(const char *name)
{
	(void)name;
}
