#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Without root, and with a package missing, bootstrap prints the one line that
# installs it, changes nothing, and ends with 3.
set -u
: "${top_srcdir:=.}"
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
mkdir "$dir/bin" "$dir/tree"
cp "$top_srcdir/bootstrap" "$dir/tree/"
printf '#!/bin/sh\ncase "$*" in *libsodium-dev*) exit 1;; esac\necho "install ok installed"\n' >"$dir/bin/dpkg-query"
printf '#!/bin/sh\necho 1000\n' >"$dir/bin/id"
chmod +x "$dir/bin/dpkg-query" "$dir/bin/id"
said=$(PATH="$dir/bin:$PATH" "$dir/tree/bootstrap" check 2>&1)
status=$?
echo "1..4"
if [ "$status" = 3 ]; then echo "ok 1 - it ends with 3"; else echo "not ok 1 - it ends with 3, not $status"; fi
if [ "$(echo "$said" | grep -c 'apt-get install .* libsodium-dev$')" = 1 ]; then
	echo "ok 2 - it prints the one line that installs what is missing"
else
	echo "not ok 2 - it prints the one line that installs what is missing"
	echo "$said" | sed 's/^/# /'
fi
if [ "$(ls "$dir/tree")" = bootstrap ]; then echo "ok 3 - nothing was changed"; else echo "not ok 3 - nothing was changed"; fi
"$dir/tree/bootstrap" nonsense >/dev/null 2>&1
if [ $? = 2 ]; then echo "ok 4 - an unknown word is a usage error"; else echo "not ok 4 - an unknown word is a usage error"; fi
