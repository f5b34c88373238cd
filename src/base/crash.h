/* SPDX-License-Identifier: Apache-2.0
 *
 * Crash points stand around every commit and every send. In the shipped
 * programs they do nothing; the test programs link their own crash_point()
 * that counts and dies at the Nth.
 */
#ifndef BASE_CRASH_H
#define BASE_CRASH_H

/* name: static, "room.what.before" or "room.what.after". */
void crash_point(const char *name);

#endif
