package cargo

// And is true if both are, and false if one is false.
func And(a, b Truth) Truth {
	if a == False || b == False {
		return False
	}
	return max(a, b)
}

// Or is true if one is, and false if both are false.
func Or(a, b Truth) Truth { return Not(And(Not(a), Not(b))) }

// Not is the opposite; the opposite of unknown is unknown.
func Not(a Truth) Truth {
	switch a {
	case True:
		return False
	case False:
		return True
	}
	return Unknown
}
