#!/usr/bin/env bash
# Kate on a screen that is only in memory: xvfb-run -a dbus-run-session kate/test.sh
# AFIDT_LSP: the server. SETTINGS: editors/kate/settings.json. DEMO: a scratch copy of the demo.
set -uo pipefail
export LC_ALL=C.UTF-8 XDG_RUNTIME_DIR=$HOME/run
passed=0 failed=0
mkdir -p "$XDG_CONFIG_HOME/kate/lspclient"
mkdir -m 700 -p "$XDG_RUNTIME_DIR"
# What the server says is kept, because nothing else tells when Kate can go on.
server=$HOME/afidt-lsp said=$HOME/said
printf '#!/bin/sh\n"%s" "$@" | tee "%s"\n' "$AFIDT_LSP" "$said" >"$server"
chmod +x "$server"
sed "s|\"afidt-lsp\", \"lsp\"|\"$server\", \"lsp\"|" "$SETTINGS" >"$XDG_CONFIG_HOME/kate/lspclient/settings.json"
# Kate asks before it starts a program for the first time: this is the answer.
printf '[General]\nShow welcome view for new window=false\n[Kate Plugins]\nlspclientplugin=true\n[lspclient]\nAllowedServerCommandLines=%s lsp\n' \
	"$server" >"$XDG_CONFIG_HOME/katerc"

check() {
	local name=$1
	shift
	if "$@"; then
		passed=$((passed + 1))
		echo "ok   $name"
	else
		failed=$((failed + 1))
		echo "FAIL $name: $(tail -n 5 "$HOME/kate.log" | tr '\n' ' ')"
	fi
}
# eventually COMMAND..: runs it until it succeeds, for PATIENCE (20) seconds at most.
eventually() {
	local end=$((SECONDS + ${PATIENCE:-20}))
	until "$@"; do
		[ $SECONDS -lt $end ] || return 1
		sleep 0.1
	done
}
screen() { xdotool getdisplaygeometry >/dev/null 2>>"$HOME/kate.log"; }
window() { window=$(xdotool search --onlyvisible --class kate 2>/dev/null | head -n 1) && [ -n "$window" ]; }
says() { grep -qF -- "$1" "$said" 2>/dev/null; }
keys() { xdotool key --clearmodifiers "$@"; }
# saved TEXT FILE: saves all files, and whether the text is in one.
saved() {
	keys ctrl+l
	grep -qF -- "$1" "$2"
}

cd "$DEMO" || exit 1
: >"$HOME/kate.log"
check 'there is a screen' eventually screen
kate --new --block --line 8 --column 25 src/lib.rs >"$HOME/kate.log" 2>&1 &
kate=$!
trap 'kill $kate 2>/dev/null; wait $kate 2>/dev/null' EXIT
check 'Kate opens' eventually window
xdotool windowfocus "$window"
check 'the server finds the error' eventually says E0038
sleep 1
keys alt+Return
check 'Kate asks for code actions' eventually says 'a dyn-compatible companion of'
sleep 1
keys Down Return
sleep 1
check 'the first one is applied to this file' eventually saved "Box<DynHttpClient<'static>>" src/lib.rs
check 'and to the other' eventually saved DynHttpClient src/client.rs
check 'also after an emoji' saved "&DynHttpClient<'_>) -> usize" src/lib.rs
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
