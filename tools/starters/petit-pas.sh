#!/bin/sh
# Opens Petit Pas from this folder: nothing is installed on the computer. Arguments go to the command `petitpas`.
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd) || exit 2
# After a double click nothing shows what is going on: a terminal does, where the system has one.
if [ "$#" -eq 0 ] && [ ! -t 1 ] && [ -n "$DISPLAY$WAYLAND_DISPLAY" ] && [ -z "$PETITPAS_TERMINAL" ] && command -v x-terminal-emulator >/dev/null; then
    PETITPAS_TERMINAL=asked exec x-terminal-emulator -e sh "$here/petit-pas.sh"
fi
status=2
if [ ! -f "$here/pack/start.py" ]; then
    echo "Ce dossier est incomplet : copiez-le de nouveau en entier. / This folder is incomplete: copy all of it again." >&2
elif ! command -v python3 >/dev/null; then
    echo "Il manque Python : demandez le paquet python3 à la personne qui s'occupe des ordinateurs. / Python is missing: ask for python3." >&2
else
    python3 -I -X utf8 "$here/pack/start.py" "$@"
    status=$?
fi
# A terminal that a double click has opened closes at the end: what it says must be read first.
if [ "$status" -ne 0 ] && [ "$#" -eq 0 ] && [ -t 0 ]; then
    printf 'Entrée pour fermer / Enter to close: '
    read -r _
fi
exit "$status"
