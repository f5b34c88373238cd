/* SPDX-License-Identifier: Apache-2.0
 *
 * The two checks that make a lease exclusive. In the shipped programs both are
 * always on; a test program links its own holder.o to prove that they are what
 * keeps two people apart.
 */
#ifndef QUEUE_HOLDER_H
#define QUEUE_HOLDER_H

#include <stdbool.h>

/* Is a review that somebody holds kept from others? */
bool holder_checked(void);
/* Is the token of a decision compared with that of the review? */
bool holder_token_checked(void);

#endif
