package quickfix

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestLayout holds our layout of values against rustfmt's: statements that are too long for a line, and some that are not.
func TestLayout(t *testing.T) {
	var b strings.Builder
	b.WriteString("fn f() {\n")
	for _, statement := range []string{
		`v.push(Box::new(A));`,
		`m.lock().unwrap().push(std::sync::Arc::new(DynSafeBackend(Echo)));`,
		`registry.lock().unwrap().push(std::sync::Arc::new(DynSafeBackend(Echo)));`,
		`app.add(Box::new(DynSafeClient(Add(1)))).add(Box::new(DynSafeClient(Echo)));`,
		`let v = View { c: &DynSafeClient(&f) };`,
		`let app = App { a: 1 };`,
		`let all: Vec<Box<dyn BoxedHttpClient>> = vec![Box::new(DynSafeHttpClient(Echo)), Box::new(DynSafeHttpClient(Fixed(1)))];`,
		`let all: Vec<Box<dyn DynHttpClient>> = vec![Box::new(Boxing(Echo)), Box::new(Boxing(Fixed(1)))];`,
		`let list: [&dyn BoxedHttpClient; 2] = [&DynSafeHttpClient(Echo), &DynSafeHttpClient(Fixed(2))];`,
		`assert_eq!(apply(|| Box::new(AnyHttpClient::Echo(Echo))).get("a").await, 1);`,
		`assert_eq!(dyn_box!(list[1].get("")).await + dyn_box!(list[0].get("a long one")).await, 2);`,
		`consume(vec![Box::new(DynSafeBackend(Echo)), Box::new(DynSafeBackend(Fixed(1)))]);`,
		`let service = Service::new(Arc::new(DynSafeDatabaseClient(DatabaseClient::connect("postgres://localhost"))), 5);`,
		`let service = Service::with_client(Arc::new(DynSafeDatabaseClient(DatabaseClient::connect("postgres://localhost:1234"))));`,
		`self.clients.insert("the name of the client".to_string(), Box::new(DynSafeClient(HttpClient::new(3))));`,
		`let pair = (Box::new(DynSafeHttpClient(Echo::default())), Box::new(DynSafeHttpClient(Fixed::default())));`,
		`client.set_handler(&mut DynSafeHandler(&mut handler)).await.unwrap().finish_everything(1).await;`,
		`Box::new(DynSafeLineReader(text.lines().map(str::to_string).collect::<Vec<_>>().into_iter()));`,
		`let reader = Box::new(DynSafeLineReader(text.lines().map(str::to_string).collect::<Vec<_>>().into_iter()));`,
		`Box::new(DynSafeLineReader(source.lines().map(str::to_string).filter(|line| !line.is_empty()).collect::<Vec<_>>()));`,
		`let v = [std::sync::Arc::new(crate::sink::DynSafeSink(sink::NullNullNullNullNullNullNullNullNull::new()))];`,
		`let n = count(&DynSafeFileSystem(&o), Path::new("/a")).await + count(&DynSafeFileSystem(Empty), Path::new("/")).await;`,
		`n + sizes(Arc::new(DynSafeFileSystem(o)), Path::new("/")).await.len();`,
		`any(&DynSafeFetch(One)).await + any(&DynSafeFetch(&two)).await + any(made.as_ref()).await - pair(&One, &two).await;`,
		`any(&DynSafeFetch(One)).await && any(&DynSafeFetch(&two)).await && any(made.as_ref()).await || pair(&DynSafeFetch(One), &two).await;`,
		`let all = any(&DynSafeFetch(One), 1).await == any(&DynSafeFetch(&two), 2).await + any(made.as_ref()).await;`,
		`assert!(fetch(&DynSafeFetch(One), "https://example.org/one").await && fetch(&DynSafeFetch(&two), "https://example.org").await);`,
		`let v: Vec<Box<dyn BoxedSinkkkkkkkk>> = vec![Box::new(DynSafeSink(sink::NullNullNullNullNullNull))];`,
	} {
		indent, text := 4, strings.TrimSuffix(statement, ";")
		lead := ""
		if i := strings.Index(text, " = "); strings.HasPrefix(text, "let ") {
			lead, text = text[:i+3], text[i+3:]
		}
		l, e := newLayout(text)
		if e == nil {
			t.Fatalf("%s is no expression", text)
		}
		out, ok := l.value(e, indent, indent+len(lead), 1, lead != "")
		if !ok {
			t.Errorf("%s is not laid out", statement)
			continue
		}
		if strings.HasPrefix(out, "\n") {
			lead = strings.TrimRight(lead, " ")
		}
		b.WriteString("    " + lead + out + ";\n")
	}
	b.WriteString("}\n")
	if exec.Command("rustfmt", "--version").Run() != nil {
		t.Skip("rustfmt is not installed, so our layout is not held against its")
	}
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "lib.rs"), []byte(strings.Replace(b.String(), "fn f", "async fn f", 1)))
	rustfmt(t, dir, "lib.rs", "2021")
}
