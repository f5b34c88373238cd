/* SPDX-License-Identifier: Apache-2.0 */
#include "base/msg.h"

#include <locale.h>
#include <stdlib.h>

#include "config.h"

void msg_init(void)
{
	/* Catalogues hold formats: with rights that the caller lacks, only our own. */
	const char *dir = secure_getenv("COUNTERSIGN_LOCALEDIR");

	setlocale(LC_ALL, "");
	setlocale(LC_NUMERIC, "C");
	bindtextdomain(PACKAGE, dir ? dir : LOCALEDIR);
	bind_textdomain_codeset(PACKAGE, "UTF-8");
	textdomain(PACKAGE);
}
