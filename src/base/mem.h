/* SPDX-License-Identifier: Apache-2.0
 *
 * Memory. These never return NULL: when memory is exhausted the hook runs
 * (the desk restores the terminal), a sentence is written to stderr and the
 * process ends with status 70. What was being recorded is protected by its
 * transaction. Sizes are in bytes; every result is freed with free().
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stdarg.h>
#include <stddef.h>

void *mem_alloc(size_t size);
void *mem_zalloc(size_t size);
/* count * size with overflow check; p may be NULL. */
void *mem_resize(void *p, size_t count, size_t size);
char *mem_strdup(const char *s);              /* NULL stays NULL */
char *mem_strndup(const char *s, size_t len); /* copies len bytes, adds NUL */
char *mem_printf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* For a library that reports that it has no memory: ends the process as above. */
_Noreturn void mem_exhausted(void);

/* The hook is called once, before the sentence; it must not allocate. */
void mem_on_exhausted(void (*hook)(void));

/* Allocates items[cap] growth for a vector held as pointer, count and cap. */
#define MEM_GROW(items, count, cap) \
	do { \
		if ((count) == (cap)) { \
			(cap) = (cap) ? (cap) * 2 : 8; \
			(items) = mem_resize((items), (cap), sizeof *(items)); \
		} \
	} while (0)

#endif
