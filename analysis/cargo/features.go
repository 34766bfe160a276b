package cargo

import (
	"slices"
	"strings"
	"sync"
)

// activation is what of a package is on.
type activation struct {
	features map[string]struct{}
	// deps are the optional dependencies that are on, by key.
	deps map[string]bool
	// asked are features of dependencies that features of this package ask for, by the dependency's key: `dep/feature`.
	// Weak ones (`dep?/feature`) are among them; they count only if something else turns the dependency on.
	asked map[string][]string
	// active packages are built; others are optional and nobody asked for them.
	active bool
}

// featureTable holds the activations of a root's packages. An activation is computed once, together with those of all
// packages that depend on it, for only these decide it; so a question about one package reads the manifests of its users
// and no others.
type featureTable struct {
	mu   sync.Mutex
	done map[*Package]*activation
	// complete is set when all packages that can be reached were computed.
	complete bool
}

// activation is what of p is on.
func (r *root) activation(p *Package) *activation {
	table := &r.features
	table.mu.Lock()
	defer table.mu.Unlock()
	if table.done == nil {
		table.done = map[*Package]*activation{}
		// Members decide for each other and for all others, so they come first.
		r.activate(r.usersOf(slices.Concat(r.members, r.paths)))
	}
	if found := table.done[p]; found != nil {
		return found
	}
	if p.node != nil && p.node.entry >= 0 {
		r.activate(r.usersOf([]*Package{p}))
	} else if !table.complete {
		// Without a place in the lock file the users of p are not known: follow all dependencies down from the members.
		table.complete = true
		r.activate(nil)
	}
	found := table.done[p]
	if found == nil {
		r.activate(map[*Package]bool{p: true})
		found = table.done[p]
	}
	return found
}

// usersOf are packages with all that depend on them, directly or not, by the lock file.
func (r *root) usersOf(packages []*Package) map[*Package]bool {
	scope := map[*Package]bool{}
	var queue []int
	seen := map[int]bool{}
	for _, p := range packages {
		scope[p] = true
		if p.node.root == r && p.node.entry >= 0 && !seen[p.node.entry] {
			seen[p.node.entry] = true
			queue = append(queue, p.node.entry)
		}
	}
	for len(queue) > 0 {
		entry := queue[0]
		queue = queue[1:]
		if p, _ := r.nodes[entry].load(); p != nil {
			if scope[p] = true; r.features.done[p] != nil {
				continue // so are its users
			}
		}
		for _, user := range r.lock.users[entry] {
			if !seen[user] {
				seen[user] = true
				queue = append(queue, user)
			}
		}
	}
	return scope
}

// activator computes the activations of the packages in scope that are not done, to the least fixpoint: cargo's
// resolver/features.rs, with one set of features for a package whatever it is built for.
type activator struct {
	r *root
	// scope nil stands for all packages that are built.
	scope map[*Package]bool
	state map[*Package]*activation
	queue []*Package
	// forced is the second pass: what nobody builds gets what it would have if its users did.
	forced bool
}

func (r *root) activate(scope map[*Package]bool) {
	x := activator{r: r, scope: scope, state: map[*Package]*activation{}}
	for p := range scope {
		if r.features.done[p] == nil {
			x.state[p] = newActivation()
		}
	}
	start := slices.Clone(r.members)
	for p := range scope {
		if r.features.done[p] != nil {
			start = append(start, p)
		}
	}
	for _, p := range start {
		if x.state[p] != nil {
			x.seed(p)
		} else if r.features.done[p] != nil {
			x.queue = append(x.queue, p)
		}
	}
	x.run()
	x.forced = true
	for p := range scope {
		x.queue = append(x.queue, p)
	}
	x.run()
	for p, a := range x.state {
		// A package that nobody was found to ask for gets its defaults.
		if !a.active && len(a.features) == 0 {
			enable(p, a, "default")
		}
		r.features.done[p] = a
	}
}

func newActivation() *activation {
	return &activation{features: map[string]struct{}{}, deps: map[string]bool{}, asked: map[string][]string{}}
}

// seed turns on what the user asks of a member.
func (x *activator) seed(p *Package) {
	a, w := x.state[p], x.r.w
	a.active = true
	if !w.options.NoDefaultFeatures || w.options.AllFeatures {
		enable(p, a, "default")
	}
	if w.options.AllFeatures {
		for _, name := range p.FeatureNames() {
			enable(p, a, name)
		}
	}
	for _, feature := range w.featureList() {
		member, name, qualified := strings.Cut(feature, "/")
		switch {
		case !qualified:
			enable(p, a, feature)
		case member == p.Name:
			enable(p, a, name)
		default:
			// `dependency/feature` of the member.
			enableValue(p, a, feature)
		}
	}
	x.queue = append(x.queue, p)
}

func (x *activator) run() {
	for len(x.queue) > 0 {
		p := x.queue[len(x.queue)-1]
		x.queue = x.queue[:len(x.queue)-1]
		a := x.state[p]
		if a == nil {
			a = x.r.features.done[p]
		}
		if a == nil || !a.active && !x.forced {
			continue
		}
		for _, dep := range p.Deps {
			x.edge(p, a, dep)
		}
	}
}

// edge hands what p asks of a dependency on to it.
func (x *activator) edge(p *Package, a *activation, dep *Dependency) {
	if dep.Kind == DevDep && !p.Member {
		return
	}
	on := dep.Applies && (!dep.Optional || a.deps[dep.Key])
	if !on && !x.forced {
		return
	}
	target := x.target(p, dep)
	if target == nil {
		return
	}
	state := x.state[target]
	if state == nil || x.forced && state.active {
		return
	}
	changed := false
	if !x.forced && !state.active {
		state.active, changed = true, true
	}
	if dep.DefaultFeatures {
		changed = enable(target, state, "default") || changed
	}
	for _, list := range [][]string{dep.Features, a.asked[dep.Key]} {
		for _, feature := range list {
			changed = enable(target, state, feature) || changed
		}
	}
	if changed {
		x.queue = append(x.queue, target)
	}
}

// target is the package of a dependency, nil when it is not in scope. Only what is in scope is read.
func (x *activator) target(p *Package, dep *Dependency) *Package {
	p.resolveNode(dep)
	n := dep.node
	if n == nil || n.root != x.r {
		return nil
	}
	if x.scope == nil {
		found, _ := n.load()
		if found != nil && x.state[found] == nil && x.r.features.done[found] == nil && !x.forced {
			x.state[found] = newActivation()
		}
		return found
	}
	if !n.wasLoaded() {
		return nil // everything in scope is
	}
	found, _ := n.load()
	if !x.scope[found] {
		return nil
	}
	return found
}

// enable turns a feature of p on, with all that it stands for; false when nothing changed. Features that p does not have
// are passed over.
func enable(p *Package, a *activation, feature string) bool {
	changed := false
	for pending := []string{feature}; len(pending) > 0; {
		name := pending[len(pending)-1]
		pending = pending[:len(pending)-1]
		values, declared := p.Features[name]
		if _, on := a.features[name]; on || !declared && !p.implicit[name] {
			continue
		}
		changed = true
		a.features[name] = struct{}{}
		if !declared {
			a.deps[name] = true
			continue
		}
		for _, value := range values {
			if next := enableValue(p, a, value); next != "" {
				pending = append(pending, next)
			}
		}
	}
	return changed
}

// enableValue does what one value of a feature says and returns the feature of p that it turns on besides, "" for none.
func enableValue(p *Package, a *activation, value string) string {
	if dep, ok := strings.CutPrefix(value, "dep:"); ok {
		a.deps[dep] = true
		return ""
	}
	dep, feature, ok := strings.Cut(value, "/")
	if !ok {
		return value
	}
	dep, weak := strings.CutSuffix(dep, "?")
	a.asked[dep] = append(a.asked[dep], feature)
	if weak {
		return ""
	}
	a.deps[dep] = true
	// A feature that has the dependency's name is turned on too, implicit or not, but only where the dependency is
	// wanted (cargo: FeatureResolver::activate_dep_feature).
	for _, d := range p.Deps {
		if d.Key == dep && d.Optional && d.Applies {
			return dep
		}
	}
	return ""
}

// activates tells whether p builds a dependency.
func (p *Package) activates(dep *Dependency) bool {
	if !dep.Applies {
		return false
	}
	return !dep.Optional || p.root.activation(p).deps[dep.Key]
}

// Cfg is the cfg options in force where a target is compiled. Of members, what is built with cfg(test) by some cargo
// command has `test` on.
func (w *Workspace) Cfg(t *Target) *CfgSet {
	p := t.Package
	set := &CfgSet{platform: w.platform, extra: map[cfgOption]struct{}{}, features: p.root.activation(p).features}
	for _, option := range slices.Concat(p.root.flags, w.given) {
		if option.name == "feature" && option.hasValue && !p.Member {
			continue
		}
		set.extra[option] = struct{}{}
	}
	if p.Member && t.Test && t.Kind != Build {
		set.extra[cfgOption{name: "test"}] = struct{}{}
	}
	if t.Kind == ProcMacro {
		set.extra[cfgOption{name: "proc_macro"}] = struct{}{}
	}
	if t.Kind != Build {
		set.script = p.buildScriptCfg()
		set.settleAliases()
	}
	return set
}

// buildScriptCfg is what the package's build script may set. (Several scripts are an unstable feature; the first counts.)
func (p *Package) buildScriptCfg() buildScriptCfg {
	for _, target := range p.Targets {
		if target.Kind == Build {
			return *p.root.w.scripts.get(target.Root, func() *buildScriptCfg {
				text, _ := ReadFile(target.Root) // who analyses it reports what is wrong with it
				script := readBuildScript(string(text))
				return &script
			})
		}
	}
	return buildScriptCfg{}
}
