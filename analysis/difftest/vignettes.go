package difftest

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A vignette is a module written by hand for what random composition would never hit: shadowing, scopes, import
// cycles, macros. Its keys are its own; paths in `use` begin with self or super so that every edition accepts them.
type vignette struct {
	name, text   string
	since, until int
	unstable     string // features that the crate must enable, separated by commas
	alone        bool   // its features change what other code means
}

// addVignette puts a vignette into a module of its own.
func (g *generator) addVignette(in *module) {
	v := pick(g, vignettes)
	for !g.fits(v.since, v.until) || v.unstable != "" && !g.nightly || v.alone {
		v = pick(g, vignettes)
	}
	g.placeVignette(in, v)
}

func (g *generator) placeVignette(in *module, v vignette) {
	g.feature("vignette", v.name)
	g.enable(v.unstable)
	g.names++
	name := "vignette" + strconv.Itoa(g.names)
	text := vignetteTrait.ReplaceAllStringFunc(v.text, func(mark string) string {
		m := vignetteTrait.FindStringSubmatch(mark)
		key := m[2]
		if key == "" {
			key = strings.TrimPrefix(m[3], "r#")
		}
		return "@" + m[1] + name + "." + key + "=" + m[3]
	})
	text = vignetteKey.ReplaceAllStringFunc(text, func(mark string) string {
		m := vignetteKey.FindStringSubmatch(mark)
		if m[2] == "" || strings.HasPrefix(m[2], "std::") {
			return mark
		}
		return "«" + m[1] + name + "." + m[2] + "|"
	})
	in.items = append(in.items, "pub mod "+name+" {+"+name+"\n"+indent(strings.TrimLeft(text, "\n"))+"-}")
}

var (
	vignetteTrait = regexp.MustCompile(`@(\([^)\n]*\))?(?:([\p{L}\p{N}_]+)=)?((?:r#)?[\p{L}_][\p{L}\p{N}_]*)`)
	vignetteKey   = regexp.MustCompile(`«([~?$]?(?:<[^|>]*>)?)([\p{L}\p{N}_.:]*)\|`)
)

// vignettes are all of them, by topic.
var vignettes = slices.Concat(nameVignettes, scopeVignettes, importVignettes, hierarchyVignettes, macroVignettes, layoutVignettes, unstableVignettes, positionVignettes)
