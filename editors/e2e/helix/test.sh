#!/usr/bin/env bash
# Helix in tmux: keys are typed, the screen is read back.
# HELIX: folder that editors/e2e/install unpacked. AFIDT_LSP: the server. CONFIG: editors/helix. DEMO, CRATE: scratch copies.
set -uo pipefail
export LC_ALL=C.UTF-8 COLORTERM=truecolor
passed=0 failed=0
scratch=$(mktemp -d)
trap 'in_tmux kill-server 2>/dev/null; rm -rf "$scratch"' EXIT
mkdir -p "$scratch/helix"
# The configuration that the page shows, without rust-analyzer, which is not here.
sed -e "s|^command = \"afidt-lsp\"|command = \"$AFIDT_LSP\"|" -e 's|"rust-analyzer", ||' "$CONFIG/languages.toml" >"$scratch/helix/languages.toml"
printf '[editor]\nend-of-line-diagnostics = "hint"\n' >"$scratch/helix/config.toml"

in_tmux() { tmux -S "$scratch/socket" -f /dev/null "$@"; }
keys() { in_tmux send-keys "$@"; }
# normal: leaves every mode and menu. A key that follows at once would be read as Alt and that key.
normal() {
	keys Escape
	sleep 0.1
}
screen() { in_tmux capture-pane -p; }

check() {
	local name=$1
	shift
	if "$@"; then
		passed=$((passed + 1))
		echo "ok   $name"
	else
		failed=$((failed + 1))
		echo "FAIL $name: $(screen | grep -v '^ *~* *$' | tr '\n' '|')"
	fi
}
# eventually COMMAND..: runs it until it succeeds, for PATIENCE (20) seconds at most.
eventually() {
	local end=$((SECONDS + ${PATIENCE:-20}))
	until "$@"; do
		[ $SECONDS -lt $end ] || return 1
		sleep 0.05
	done
}
has() { screen | grep -qF -- "$1"; }
lacks() { ! has "$1"; }
row() { screen | grep -nF -- "$1" | head -n 1 | cut -d: -f1; }
on_disk() { grep -qF -- "$1" "$2"; }
running() { in_tmux has-session 2>/dev/null; }
stopped() { ! running; }

# open FOLDER FILE
open() {
	in_tmux new-session -d -x 180 -y 50 "cd $1 && XDG_CONFIG_HOME=$scratch XDG_CACHE_HOME=$scratch HELIX_RUNTIME=$HELIX/usr/lib/hx/runtime $HELIX/run hx $2 2>$scratch/stderr"
}
# at REGEX: puts the cursor on the first place.
at() {
	normal
	keys g g /
	keys -l "$1"
	keys Enter
}
# act LINE TITLE: chooses the code action that has the title. Its list is drawn below the cursor, which is on the line that has LINE.
act() {
	local line
	line=$(row "$1")
	keys Space a
	eventually has "$2" || return 1
	local below=$(($(row "$2") - line - 1))
	while [ "$below" -gt 0 ]; do
		keys Down
		below=$((below - 1))
	done
	keys Enter
}
quit() {
	normal
	keys -l ':qa!'
	keys Enter
	eventually stopped
}

open "$DEMO" src/lib.rs
check 'a diagnostic is shown' eventually has 'the trait `HttpClient` is not dyn compatible'
at 'fetch.url'
check '.box is offered' act 'self.client.fetch(url)' '.box'
check '.box at the call' eventually has 'self.client.fetch(url).box.await'
normal
keys u
check 'undone' eventually lacks '.box.await'
at 'fetch.url'
check 'dyn_box! is offered' act 'self.client.fetch(url)' 'dyn_box!'
check 'dyn_box! at the call' eventually has 'dyn_box!(self.client.fetch(url)).await'
normal
keys u
check 'undone again' eventually lacks 'dyn_box!'
at 'fetch.".".'
check '.box is offered after an emoji' act 'pub async fn length' '.box'
check '.box after an emoji' eventually has 'client.fetch("/").box.await.len()'
normal
keys u
at 'dyn HttpClient'
check 'a companion is offered' act 'pub client: Box<' 'ompanion'
check 'the companion of another file' eventually has 'DynHttpClient'
check 'no error is left' eventually lacks 'is not dyn compatible'
normal
keys -l ':wa'
keys Enter
check 'written beside the trait' eventually on_disk DynHttpClient "$DEMO/src/client.rs"
check 'Helix ends' quit

# A crate as it is published: nothing is wrong in it until somebody types a dyn.
open "$CRATE" src/io/write.rs
eventually has 'NOR'
check 'nothing is wrong' lacks 'is not dyn compatible'
keys g e
keys -l 'opub fn typed(_: &mut dyn AsyncWrite) {}'
normal
check 'an error in what was typed' eventually has 'is not dyn compatible'
keys u
check 'gone when undone' eventually lacks 'is not dyn compatible'
check 'Helix ends' quit

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
