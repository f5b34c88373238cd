/* SPDX-License-Identifier: Apache-2.0 */
#include "queue/sqlite/sample.h"

#include <string.h>
#include <time.h>

#include "base/id.h"
#include "queue/sqlite/tlog.h"
#include "stats/draw.h"

const char *sample_week(int64_t at_ms, char out[SAMPLE_WEEK_SIZE])
{
	time_t t = (time_t)(at_ms / 1000);
	struct tm tm;

	if (!gmtime_r(&t, &tm) || strftime(out, SAMPLE_WEEK_SIZE, "%G-W%V", &tm) == 0)
		memcpy(out, "0000-W00", 9);
	return out;
}

static int make_key(struct db *db, const char *week, unsigned char key[HASH_SIZE],
                    struct err *err)
{
	struct value *data = value_new_object();
	struct leaf leaf = { .type = LEAF_SAMPLING, .actor = "server", .subject = week,
		.data = data };
	unsigned char hash[HASH_SIZE];
	char text[HASH_TEXT_SIZE];
	int rc;

	id_random(key, HASH_SIZE);
	hash_sha256(key, HASH_SIZE, hash);
	value_set_string(data, "week", week);
	value_set_string(data, "key", hash_text(hash, text));
	rc = db_do(db, err, "INSERT INTO sample_key(week,key) VALUES(?,?)", "sb", week, key,
	           (size_t)HASH_SIZE);
	if (!rc)
		rc = tlog_append(db, &leaf, NULL, err);
	value_free(data);
	return rc;
}

int sample_draw(struct db *db, const char *proposal, const char *rate, bool *drawn,
                struct err *err)
{
	char week[SAMPLE_WEEK_SIZE];
	unsigned char key[HASH_SIZE];
	sqlite3_stmt *s;
	int rc;

	*drawn = false;
	if (draw_rate_compare(rate, "0") == 0)
		return 0;
	sample_week(db->now_ms, week);
	rc = db_first(db, err, &s, "SELECT key FROM sample_key WHERE week=?", "s", week);
	if (rc > 0) {
		memcpy(key, sqlite3_column_blob(s, 0), HASH_SIZE);
		db_done(s);
	} else if (rc == 0) {
		rc = make_key(db, week, key, err);
	}
	if (rc >= 0)
		rc = draw(key, sizeof key, proposal, rate, err);
	*drawn = rc > 0;
	hash_wipe(key, sizeof key);
	return rc < 0 ? rc : 0;
}
