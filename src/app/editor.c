/* SPDX-License-Identifier: Apache-2.0 */
#include "app/editor.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/msg.h"
#include "base/utf8.h"
#include "wire/json.h"

enum { EDITED_BYTES = 1 << 20, NO_EDITOR = 127 };

static const char *editor(void)
{
	static const char *const variables[] = { "VISUAL", "EDITOR" };

	for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
		const char *name = getenv(variables[i]);

		if (name && *name)
			return name;
	}
	return "vi";
}

/* The variable may hold words ("vim -n"), so a shell splits it; the file name
 * is handed over as an argument of its own. */
static int run_editor(const char *path, struct err *err)
{
	char *script = mem_printf("exec %s \"$1\"", editor());
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		sigset_t none;

		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		signal(SIGPIPE, SIG_DFL);
		execl("/bin/sh", "sh", "-c", script, "sh", path, (char *)NULL);
		_exit(NO_EDITOR);
	}
	free(script);
	if (pid < 0)
		return err_errno(err, N_("cannot start %s: %s"), editor());
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return err_errno(err, N_("cannot wait for %s: %s"), editor());
	if (WIFEXITED(status) && WEXITSTATUS(status) == NO_EDITOR)
		return err_set(err, ERR_NOT_FOUND, N_("there is no editor “%s”; set EDITOR"), editor());
	if (status != 0)
		return err_set(err, ERR_IO, N_("%s ended with an error; nothing was changed"), editor());
	return 0;
}

/* What the person wrote, as a value. Editors end a file with a line end that
 * nobody typed. */
static int read_back(struct buf *after, bool as_text, struct value **out, struct err *err)
{
	if (!as_text)
		return json_parse(buf_str(after), after->len, NULL, out, err);
	if (after->len && after->data[after->len - 1] == '\n')
		after->data[--after->len] = '\0';
	if (utf8_check(buf_str(after), after->len) != after->len || memchr(buf_str(after), 0, after->len))
		return err_set(err, ERR_INVALID, N_("what was written is no UTF-8 text"));
	*out = after->len ? value_new_string_n(after->data, after->len) : value_new_null();
	return 0;
}

static int edit_file(const char *path, const struct value *value, bool as_text,
                     struct value **out, struct err *err)
{
	struct buf before = BUF_INIT, after = BUF_INIT;
	int rc;

	if (!as_text && value)
		json_text_pretty(value, &before);
	else if (value_str(value))
		buf_add(&before, value->s, value->len);
	buf_addc(&before, '\n');
	rc = file_write_private(path, before.data, before.len, err);
	if (rc == 0)
		rc = run_editor(path, err);
	if (rc == 0)
		rc = file_read(path, EDITED_BYTES, &after, err);
	if (rc == 0 && (after.len != before.len || memcmp(after.data, before.data, after.len) != 0))
		rc = read_back(&after, as_text, out, err);
	buf_clear(&before);
	buf_clear(&after);
	return rc;
}

int editor_run(const struct value *value, bool as_text, struct value **out, struct err *err)
{
	const char *tmp = getenv("TMPDIR");
	char *dir = mem_printf("%s/countersign-XXXXXX", tmp && tmp[0] == '/' ? tmp : "/tmp");
	char *path;
	int rc;

	*out = NULL;
	if (!mkdtemp(dir)) {
		rc = err_errno(err, N_("cannot make the folder %s: %s"), dir);
	} else {
		path = file_join(dir, as_text ? "value.txt" : "value.json");
		rc = edit_file(path, value, as_text, out, err);
		unlink(path);
		rmdir(dir);
		free(path);
	}
	free(dir);
	return rc;
}
