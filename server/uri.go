package server

import (
	"net/url"
	slashpath "path"
	"path/filepath"
	"runtime"
	"strings"

	"go.lsp.dev/protocol"
)

// pathOf is the absolute path that a file URI means, "" for other schemes. Drive letters are upper case on Windows, however
// the client writes them, so that one file has one path.
func pathOf(uri string) string { return uriToPath(uri, runtime.GOOS == "windows") }

// uriOf is the file URI of a path.
func uriOf(path string) string { return pathToURI(path, runtime.GOOS == "windows") }

// uriToPath reads `file:///home/x`, and on Windows `file:///c%3A/x`, `file:///C:/x` and `file://server/share/x`.
func uriToPath(uri string, windows bool) string {
	if len(uri) < 7 || !strings.EqualFold(uri[:7], "file://") {
		return ""
	}
	host, rest := "", uri[7:]
	if i := strings.IndexByte(rest, '/'); i >= 0 {
		host, rest = rest[:i], rest[i:]
	} else {
		host, rest = rest, ""
	}
	if i := strings.IndexAny(rest, "?#"); i >= 0 {
		rest = rest[:i]
	}
	path, err := url.PathUnescape(rest)
	if err != nil { // a lone `%`: take it as it stands
		path = rest
	}
	if strings.EqualFold(host, "localhost") {
		host = ""
	}
	if !windows {
		if path == "" || strings.IndexByte(path, 0) >= 0 {
			return ""
		}
		return slashpath.Clean(path)
	}
	if name, err := url.PathUnescape(host); err == nil {
		host = name
	}
	switch {
	case host != "":
		return `\\` + host + strings.ReplaceAll(path, "/", `\`)
	case len(path) >= 3 && path[0] == '/' && isLetter(path[1]) && path[2] == ':':
		path = strings.ToUpper(path[1:2]) + path[2:]
	}
	return strings.ReplaceAll(path, "/", `\`)
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// pathToURI writes a path as VS Code does: the drive letter in lower case, its colon escaped.
func pathToURI(path string, windows bool) string {
	host := ""
	if windows {
		path = strings.ReplaceAll(path, `\`, "/")
		switch {
		case strings.HasPrefix(path, "//"):
			host, path, _ = strings.Cut(path[2:], "/")
			path = "/" + path
		case len(path) >= 2 && path[1] == ':':
			path = "/" + strings.ToLower(path[:1]) + path[1:]
		}
	}
	return "file://" + escape(host) + escape(path)
}

// escape percent-encodes all but what RFC 3986 calls unreserved, and slashes.
func escape(s string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(s) {
		switch c := s[i]; {
		case isLetter(c), c >= '0' && c <= '9', strings.IndexByte("-._~/", c) >= 0:
			b.WriteByte(c)
		default:
			b.WriteByte('%')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		}
	}
	return b.String()
}

// virtualRoot is the folder of documents that are on no disk. No file can have such a path on any system.
const virtualRoot = "\x00virtual"

// keyOf is the path that a document is known by: its own, or for a document without one (`untitled:Untitled-1`) a made-up
// one that is absolute and ends in .rs.
func keyOf(uri string) string {
	if path := pathOf(uri); path != "" {
		return path
	}
	return string(filepath.Separator) + virtualRoot + string(filepath.Separator) + escape(uri) + ".rs"
}

// isVirtual reports whether a path is made up.
func isVirtual(path string) bool {
	return strings.HasPrefix(path, string(filepath.Separator)+virtualRoot)
}

// uri is a path's URI: that by which the client opened it, or else one made of the path.
func (m *moment) uri(path string) protocol.DocumentURI {
	if d := m.docs[path]; d != nil {
		return protocol.DocumentURI(d.uri)
	}
	return protocol.DocumentURI(uriOf(path))
}
