/* SPDX-License-Identifier: Apache-2.0
 *
 * bare_start DATABASE QUEUE: the yardstick of F3. Linked with the libraries of
 * the desk, it paints the screen of queues after the query behind it, and after
 * a key the first item after the query behind that, parsed; both screens are
 * handed to it on descriptor 3.
 */
#include <curl/curl.h>
#include <jansson.h>
#include <sqlite3.h>
#include <stdbool.h>

#include "bench/frame.h"

static bool rows(sqlite3 *db, const char *text, const char *queue, bool parse)
{
	sqlite3_stmt *st;
	bool well = sqlite3_prepare_v2(db, text, -1, &st, NULL) == SQLITE_OK;

	if (well && queue)
		sqlite3_bind_text(st, 1, queue, -1, SQLITE_STATIC);
	while (well && sqlite3_step(st) == SQLITE_ROW)
		for (int i = 0; parse && well && i < sqlite3_column_count(st); i++) {
			json_t *doc = json_loadb(sqlite3_column_blob(st, i), (size_t)sqlite3_column_bytes(st, i), 0, NULL);

			well = doc != NULL;
			json_decref(doc);
		}
	return sqlite3_finalize(st) == SQLITE_OK && well;
}

int main(int argc, char **argv)
{
	sqlite3 *db;
	bool well = argc == 3 && curl_global_init(CURL_GLOBAL_DEFAULT) == 0
		&& sqlite3_open_v2(argv[1], &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK
		&& rows(db, "SELECT *, (SELECT due FROM header INDEXED BY header_due WHERE queue = id "
		        "ORDER BY due LIMIT 1) FROM queue ORDER BY title", NULL, false) && frame_take();

	if (!well)
		return 1;
	frame_open();
	frame_paint();
	well = frame_take() && frame_key() != 'q'
		&& rows(db, "SELECT d.bytes, l.doc, q.bytes FROM lease JOIN document d ON d.digest = document "
		        "JOIN lease_doc l ON l.lease = n JOIN document q ON q.digest = definition "
		        "WHERE state < 2 AND queue = ?1 ORDER BY n LIMIT 1", argv[2], true);
	frame_paint();
	frame_key();
	frame_close();
	return !well;
}
