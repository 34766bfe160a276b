package cargo

// Closure is the names of the packages that p is or depends on, directly or not, by the manifests of what is read by path and
// else by the lock file: rather too many than too few. It is nil if the lock file does not have all.
func (p *Package) Closure() map[string]bool {
	p.closure.Do(func() { p.closed = p.root.closure(p) })
	return p.closed
}

func (r *root) closure(p *Package) map[string]bool {
	members := map[string]*Package{}
	for _, m := range r.members {
		members[m.Name] = m
	}
	names := map[string]bool{}
	read := map[*Package]bool{p: true}
	packages := []*Package{p}
	locked := map[int]bool{}
	var entries []int
	add := func(q *Package) {
		if q != nil && !read[q] {
			read[q] = true
			packages = append(packages, q)
		}
	}
	for len(packages)+len(entries) > 0 {
		if n := len(entries); n > 0 {
			entry := &r.lock.entries[entries[n-1]]
			entries = entries[:n-1]
			names[entry.name] = true
			add(members[entry.name])
			for _, e := range entry.edges {
				if !locked[e] {
					locked[e] = true
					entries = append(entries, e)
				}
			}
			continue
		}
		q := packages[len(packages)-1]
		packages = packages[:len(packages)-1]
		names[q.Name] = true
		for _, dep := range q.Deps {
			list := r.lock.named(dep.Package)
			if dep.Path != "" {
				found, _ := q.dependency(dep)
				add(found)
			} else if len(list) == 0 && q.activates(dep) {
				return nil
			}
			for _, e := range list {
				if !locked[e] {
					locked[e] = true
					entries = append(entries, e)
				}
			}
		}
	}
	return names
}
