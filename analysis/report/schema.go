package report

// Schema is the version of the JSON documents. A change that breaks a reader raises it.
const Schema = 1

// Workspace is the document of `report --format json`. Files are relative to the workspace's root and `/`-separated, or
// absolute outside it; lines and columns are 1-based, columns in Unicode scalars, ends exclusive.
type Workspace struct {
	Schema   int       `json:"schema"`
	Traits   []Trait   `json:"traits"`
	Mentions []Mention `json:"mentions"`
	Calls    []Call    `json:"calls"`
}

// Trait is one trait of the workspace.
type Trait struct {
	Path           string      `json:"path"`
	Name           string      `json:"name"`
	File           string      `json:"file"`
	Line           int         `json:"line"`
	Column         int         `json:"column"`
	Cfg            bool        `json:"cfg"`
	DynCompatible  *bool       `json:"dyn_compatible"`
	UnknownBecause string      `json:"unknown_because,omitempty"`
	Violations     []Violation `json:"violations"`
	Methods        []Method    `json:"methods"`
	DynUses        int         `json:"dyn_uses"`
}

// Violation is one reason why a trait is not dyn compatible; without a place if that lies in the standard library.
type Violation struct {
	Kind    string `json:"kind"`
	Item    string `json:"item"`
	File    string `json:"file,omitempty"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
	Message string `json:"message"`
	Via     string `json:"via,omitempty"`
}

// Method is one method of a trait and how it would be called through dyn.
type Method struct {
	Name       string     `json:"name"`
	Line       int        `json:"line"`
	Column     int        `json:"column"`
	Dispatch   string     `json:"dispatch"`
	DispatchBy DispatchBy `json:"dispatch_by"`
	Reasons    []string   `json:"reasons"`
}

// DispatchBy is a method's dispatch class under each rule set.
type DispatchBy struct {
	Stable      string `json:"stable"`
	MethodScope string `json:"method-scope"`
	DynBox      string `json:"dyn-box"`
	Box         string `json:"box"`
}

// Mention is one written trait object type.
type Mention struct {
	File           string   `json:"file"`
	Line           int      `json:"line"`
	Column         int      `json:"column"`
	EndLine        int      `json:"end_line"`
	EndColumn      int      `json:"end_column"`
	Text           string   `json:"text"`
	Bare           bool     `json:"bare"`
	Cfg            bool     `json:"cfg"`
	Trait          *string  `json:"trait"`
	DynCompatible  *bool    `json:"dyn_compatible"`
	UnknownBecause string   `json:"unknown_because,omitempty"`
	Errors         []string `json:"errors"`
}

// Call is one call of a method that is async or returns impl Trait.
type Call struct {
	File      string `json:"file"`
	Line      int    `json:"line"`
	Column    int    `json:"column"`
	EndLine   int    `json:"end_line"`
	EndColumn int    `json:"end_column"`
	Method    string `json:"method"`
	Trait     string `json:"trait"`
	Receiver  string `json:"receiver"`
	Boxed     string `json:"boxed"`
	NeedsBox  bool   `json:"needs_box"`
	Macro     bool   `json:"macro,omitempty"`
}

// Check is the document of `check --format json`.
type Check struct {
	Schema      int          `json:"schema"`
	Diagnostics []Diagnostic `json:"diagnostics"`
	Summary     Summary      `json:"summary"`
}

// Diagnostic is one finding.
type Diagnostic struct {
	Rule      string   `json:"rule"`
	Code      string   `json:"code"`
	Severity  string   `json:"severity"`
	Message   string   `json:"message"`
	File      string   `json:"file"`
	Line      int      `json:"line"`
	Column    int      `json:"column"`
	EndLine   int      `json:"end_line"`
	EndColumn int      `json:"end_column"`
	Labels    []Label  `json:"labels"`
	Notes     []string `json:"notes"`
	Fixes     []Fix    `json:"fixes"`
	URL       string   `json:"url"`
}

// Label is a place that belongs to a finding.
type Label struct {
	File      string `json:"file"`
	Line      int    `json:"line"`
	Column    int    `json:"column"`
	EndLine   int    `json:"end_line"`
	EndColumn int    `json:"end_column"`
	Text      string `json:"text"`
}

// Fix is a fix that is offered for a finding.
type Fix struct {
	ID            string `json:"id"`
	Title         string `json:"title"`
	Applicability string `json:"applicability"`
}

// Summary counts a run's findings.
type Summary struct {
	Files    int `json:"files"`
	Errors   int `json:"errors"`
	Warnings int `json:"warnings"`
	Infos    int `json:"infos"`
	Hints    int `json:"hints"`
}

// Actions is the document of `actions --format json`.
type Actions struct {
	Schema  int      `json:"schema"`
	Actions []Action `json:"actions"`
}

// Action is one code action at a place; without edits if it is blocked.
type Action struct {
	ID            string       `json:"id"`
	Title         string       `json:"title"`
	Kind          string       `json:"kind"`
	Rule          string       `json:"rule"`
	Applicability string       `json:"applicability"`
	Preferred     bool         `json:"preferred"`
	BlockedBy     string       `json:"blocked_by,omitempty"`
	Edits         []ActionEdit `json:"edits"`
}

// ActionEdit replaces the text from its start to its end, exclusive.
type ActionEdit struct {
	File      string `json:"file"`
	Line      int    `json:"line"`
	Column    int    `json:"column"`
	EndLine   int    `json:"end_line"`
	EndColumn int    `json:"end_column"`
	NewText   string `json:"new_text"`
}
