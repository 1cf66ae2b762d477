#!/bin/sh
# Dump the database that DATABASE_URL names into a folder, see that the dump is whole, and remove those that are older
# than KEEP_DAYS (30): docs/deploy/backup.sh FOLDER. Nobody but the account that runs it can read what it writes.
# docs/deploying.md, “Backup and restore”, has the timer.
set -eu
umask 077

folder=${1:?Name the folder for the dumps: docs/deploy/backup.sh FOLDER}
keep=${KEEP_DAYS:-30}
cd "$(dirname "$0")/../.."
python=.venv/bin/python
mkdir -p "$folder"
dump=$folder/roster-$(date -u +%Y%m%dT%H%M%SZ).dump
trap 'rm -f "$dump.part"' EXIT

"$python" -m config.libpq pg_dump --format=custom --file="$dump.part"

# A dump is whole when every byte of it can be read, and of this site when it has the table of its memberships.
pg_restore --file=/dev/null "$dump.part"
pg_restore --list "$dump.part" > "$dump.part.list"
grep -q 'TABLE DATA public memberships_membership ' "$dump.part.list" || {
    rm -f "$dump.part.list"
    echo "$dump has no memberships: is DATABASE_URL right, and has it been migrated?" >&2
    exit 1
}
rm -f "$dump.part.list"
mv "$dump.part" "$dump"
echo "$dump"

# Old dumps go only after a good new one. Names hold the time, so that a copied file keeps its age.
oldest=roster-$(date -u -d "$keep days ago" +%Y%m%dT%H%M%SZ).dump
for old in "$folder"/roster-*.dump; do
    name=${old##*/}
    if [ "$(printf '%s\n%s\n' "$name" "$oldest" | sort | head -n 1)" = "$name" ] && [ "$old" != "$dump" ]; then
        rm -- "$old"
    fi
done
