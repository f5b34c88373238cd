/* SPDX-License-Identifier: Apache-2.0
 *
 * The checks of queue/holder.h, switched off by the environment: to prove that
 * they are what keeps two people apart. See tests/hooks/README.
 */
#include <stdlib.h>

#include "queue/holder.h"

bool holder_checked(void)
{
	return !getenv("COUNTERSIGN_NO_HOLDER");
}

bool holder_token_checked(void)
{
	return !getenv("COUNTERSIGN_NO_TOKEN");
}
