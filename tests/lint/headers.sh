#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Every header under src/ compiles alone, and has a guard named after it.
set -u
: "${top_srcdir:=.}" "${top_builddir:=.}" "${CC:=cc}"
n=0 bad=0
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
flags=$(pkg-config --cflags jansson sqlite3 libcurl ncursesw libmicrohttpd libsodium libpcre2-8 2>/dev/null)
alone() {
	printf '#include "%s"\n' "$1" >"$dir/t.c"
	# shellcheck disable=SC2086
	$CC -std=c11 -D_GNU_SOURCE -fsyntax-only -Wall -Wextra -Werror -Wno-unused-function \
		-Wno-unused-variable -I"$2" -I"$top_srcdir/src" -I"$top_builddir" $flags "$dir/t.c" 2>"$dir/err"
}
fail() {
	bad=1
	echo "not ok $n - $1"
	sed 's/^/# /' "$dir/err"
}
for h in $(cd "$top_srcdir/src" && find . -name '*.h' | sed 's|^\./||' | sort); do
	n=$((n + 1))
	guard=$(echo "$h" | tr 'a-z/.-' 'A-Z___')
	: >"$dir/err"
	if ! alone "$h" "$top_srcdir/src"; then fail "$h does not compile alone"
	elif ! grep -q "^#ifndef $guard\$" "$top_srcdir/src/$h"; then fail "$h: the guard is not $guard"
	else echo "ok $n - $h"; fi
done
n=$((n + 1))
mkdir -p "$dir/plant"
printf 'void plant_take(size_t n);\n' >"$dir/plant/plant.h"
if alone plant.h "$dir/plant"; then fail "a planted header that needs another was not found"
else echo "ok $n - a planted header that needs another is found"; fi
echo "1..$n"
exit $bad
