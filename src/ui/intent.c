/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/intent.h"

#include <stdlib.h>

void intent_clear(struct intent *i)
{
	decision_free(i->decision);
	value_free(i->value);
	free(i->field);
	free(i->text);
	free(i->confirmation);
	*i = (struct intent)INTENT_INIT;
}
