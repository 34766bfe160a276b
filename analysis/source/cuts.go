package source

import "sort"

// Cut is a place in a text out of which something was left: what stands at offset At or behind it stands Gone bytes further
// back in the whole text.
type Cut struct{ At, Gone uint32 }

// Cuts are the places out of which something was left, in order. None say that the text is whole.
type Cuts []Cut

// Whole is the span of the whole text that a span of what is left is.
func (c Cuts) Whole(s Span) Span { return Span{c.whole(s.Start), c.whole(s.End)} }

func (c Cuts) whole(offset uint32) uint32 {
	i := sort.Search(len(c), func(i int) bool { return c[i].At > offset })
	if i == 0 {
		return offset
	}
	return offset + c[i-1].Gone
}
