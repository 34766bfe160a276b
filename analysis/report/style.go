package report

// style is how a character looks on a terminal.
type style uint8

const (
	plain style = iota
	bold
	red
	yellow
	green
	cyan
	blue // the gutter, secondary marks and their labels
	magenta
	magentaNext // magenta, for what follows directly on something else that is: rustc colours each by itself
	added
	removed
)

// sgr holds what turns each style on. rustc uses other colours on Windows consoles; we use one set everywhere.
var sgr = [...]string{
	plain:       "",
	bold:        "\x1b[1m",
	red:         "\x1b[1m\x1b[91m",
	yellow:      "\x1b[1m\x1b[33m",
	green:       "\x1b[1m\x1b[92m",
	cyan:        "\x1b[1m\x1b[96m",
	blue:        "\x1b[1m\x1b[94m",
	magenta:     "\x1b[1m\x1b[35m",
	magentaNext: "\x1b[1m\x1b[35m",
	added:       "\x1b[92m",
	removed:     "\x1b[91m",
}

const sgrReset = "\x1b[0m"
