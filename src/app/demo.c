/* SPDX-License-Identifier: Apache-2.0 */
#include "app/demo.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/server_call.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/msg.h"
#include "gen/practice.h"

static const struct { const char *name, *role; } people[] = {
	{ "producer-1", "producer" }, { "reviewer-1", "reviewer" }, { "reviewer-2", "reviewer" },
	{ "supervisor-1", "supervisor" }, { "auditor-1", "auditor" },
};

static char *token_path(const struct demo *d, const char *name)
{
	return mem_printf("%s/%s.token", d->dir, name);
}

void demo_config(const struct demo *d, const char *name, struct config *out)
{
	memset(out, 0, sizeof *out);
	out->server = mem_strdup(d->server.url);
	out->token_file = token_path(d, name);
	out->store = mem_printf("%s/%s", d->dir, name);
	out->file = mem_strdup("");
}

static int make_folder(struct demo *d, struct err *err)
{
	const char *tmp = getenv("TMPDIR");

	d->dir = mem_printf("%s/countersign-practice-XXXXXX", tmp && tmp[0] == '/' ? tmp : "/tmp");
	if (!mkdtemp(d->dir)) {
		int rc = err_errno(err, N_("cannot make the folder %s: %s"), d->dir);

		free(d->dir);
		d->dir = NULL;
		return rc;
	}
	return 0;
}

static int write_files(struct demo *d, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && practice[i].name; i++) {
		char *path = file_join(d->dir, practice[i].name);

		rc = file_write_private(path, practice[i].text, practice[i].len, err);
		free(path);
	}
	return rc;
}

static int add_people(struct demo *d, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < sizeof people / sizeof *people; i++) {
		char *path = token_path(d, people[i].name);

		rc = local_server_token(&d->server, people[i].name, people[i].role, path, err);
		free(path);
	}
	return rc;
}

static int submit(struct demo *d, struct err *err)
{
	char *path = file_join(d->dir, "proposals.jsonl");
	struct transport *t = NULL;
	struct config config;
	int rc;

	demo_config(d, "producer-1", &config);
	rc = server_open(&config, &t, err);
	if (rc == 0)
		rc = submit_file(t, path, NULL, &d->submitted, err);
	transport_close(t);
	config_clear(&config);
	free(path);
	return rc;
}

int demo_begin(struct demo *d, struct err *err)
{
	char *queues;
	int rc;

	memset(d, 0, sizeof *d);
	rc = make_folder(d, err);
	if (rc != 0)
		return rc;
	queues = file_join(d->dir, "queues.json");
	rc = write_files(d, err);
	if (rc == 0)
		rc = local_server_init(&d->server, d->dir, err);
	if (rc == 0)
		rc = local_server_load(&d->server, queues, err);
	if (rc == 0)
		rc = add_people(d, err);
	if (rc == 0)
		rc = local_server_start(&d->server, err);
	if (rc == 0)
		rc = submit(d, err);
	free(queues);
	return rc;
}

/* Removes a folder of ours and all below it; follows no links. */
static void remove_tree(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *e;
	struct stat st;

	while (dir && (e = readdir(dir))) {
		char *child;

		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		child = file_join(path, e->d_name);
		if (lstat(child, &st) == 0 && S_ISDIR(st.st_mode))
			remove_tree(child);
		else
			unlink(child);
		free(child);
	}
	if (dir)
		closedir(dir);
	rmdir(path);
}

void demo_end(struct demo *d, bool keep)
{
	local_server_stop(&d->server);
	if (d->dir && !keep)
		remove_tree(d->dir);
	free(d->dir);
	memset(d, 0, sizeof *d);
}
