package quickfix

import (
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/afidt-lsp/afidt-lsp/analysis/config"
)

// statements are too long for a line, but for some.
var statements = []string{
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
	`let adapter = LegacyInputAdapter::try_open(Arc::new(DynSafeRemoteByteSource(source)), dummy_path(), 0).await.expect("adapter");`,
	`let file = Rc::new(crate::fs::DynSafeFile(Rc::new(StdFileResourceInner::file(file, None)))) as Rc<dyn fs::BoxedFile>;`,
	`Arc::new(DynSafeLifecycleScriptsExecutor(Executor::new(self.text_only_progress_bar().clone()))) as Arc<dyn Boxed>;`,
	`let one = Arc::new(DynSafeLifecycleScriptsExecutor(NullExecutor)) as Arc<dyn BoxedLifecycleScriptsExecutor + Send + Sync>;`,
	`let list = [one, two, three, four, &five, six.x, seven[0], -8, 9, ten, eleven, twelve, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22];`,
	`some::module::DynSafeHandler::with_all_of_its_many_options_and_their_defaults(&self.0, one, two, three, four, five, six);`,
	`some::module::DynSafeHandler::with_all_of_its_many_options_and_their_defaults(&self.0, a::one, two, three, four, five);`,
	`let v = if n > 3 { None } else { Some(Box::new(R(n))) };`,
	`let v = if n > 3 { None } else { Some(Box::new(DynSafeWalk(R(n)))) };`,
	`let v = if let Some(client) = made.as_ref() { client.shared() } else { Arc::new(DynSafeHttpClient(HttpClient::with_a_proxy("https://example.org"))) };`,
	`let v: Vec<_> = (0..3).map(|_| Box::new(DynSafeSink(sink::Null)) as Box<dyn BoxedSink>).collect();`,
	`let v = (0..3).map(|n| Box::new(DynSafeSink(sink::Null(n))) as Box<dyn BoxedSink>).chain(once(made())).collect::<Vec<_>>();`,
	`let v = clients.get(name).cloned().unwrap_or_else(|| Arc::new(DynSafeHttpClient(HttpClient::default())) as Arc<dyn BoxedHttpClient>);`,
	`let v: Vec<_> = (0..3).map(|_| Box::new(DynSafeSomeSink(sink::NullNull::with_capacity(1000))) as Box<dyn BoxedSomeSink>).collect();`,
	`let v = consume(|| Box::new(DynSafeSomeSink(sink::NullNull::with_capacity(1000))) as Box<dyn BoxedSomeSink>);`,
	`assert_eq!(futures::executor::block_on(fetch(&DynSafeFetch(One), "https://example.org/one")), "https://example.org/one");`,
	`assert_eq!(fetch(&DynSafeFetch(One)).await.unwrap(), vec![1, 2, 3], "what {} gives is not what it should be", name);`,
	`assert_eq!(block_on(async { fetch(&DynSafeFetch(One)).await }), vec![1, 2, 3], "what it gives is not what it should be");`,
	`assert_eq!(run(vec![Box::new(DynSafeFetch(One)), Box::new(DynSafeFetch(Two::new("https://example.org")))]).await, 3);`,
	`assert_eq!(total(&[Box::new(DynSafeFetch(One)), Box::new(DynSafeFetch(Two::new("https://example.org/two")))], 100).await, 3);`,
	`assert_eq!(3, run(App { client: Box::new(DynSafeFetch(One)), other: Box::new(DynSafeFetch(Two::new("https://example"))) }).await);`,
	`assert_ne!(run(Box::new(DynSafeFetch(Onnnnnnnnnnnnnnnnne))).await, run(Box::new(DynSafeFetch(Twoooooooooooooooooooo))).await);`,
	`println!("{} {}", run(Box::new(DynSafeFetch(Onnnnnnnnnnnnnnnnne))).await, run(Box::new(DynSafeFetch(Twoooooooooooooo))).await);`,
	`let v: Vec<Box<dyn BoxedSinkkkkkkkk>> = vec![Box::new(DynSafeSink(sink::NullNullNullNullNullNull))];`,
}

// formats are configurations of rustfmt that lay out otherwise.
var formats = []string{
	"", "max_width = 80\ntab_spaces = 2\n", "hard_tabs = true\n", "use_small_heuristics = \"Max\"\n", "use_small_heuristics = \"Off\"\n",
	"max_width = 140\ntab_spaces = 8\n", "fn_call_width = 40\nchain_width = 30\narray_width = 80\nstruct_lit_width = 40\n",
}

// TestLayout holds our layout of values against rustfmt's: statements, and arms of a match.
func TestLayout(t *testing.T) {
	for _, configuration := range formats {
		for _, edition := range []int{2021, 2024} {
			t.Run(strconv.Itoa(edition)+" "+configuration, func(t *testing.T) { testLayout(t, configuration, edition) })
		}
	}
}

func testLayout(t *testing.T, configuration string, edition int) {
	format, err := config.ParseFormat([]byte(configuration))
	if err != nil {
		t.Fatal(err)
	}
	format.StyleEdition = edition
	indent := format.TabSpaces
	margin := strings.Repeat(" ", indent)
	var b, arms strings.Builder
	for _, statement := range statements {
		lead, text := "", strings.TrimSuffix(statement, ";")
		if i := strings.Index(text, " = "); strings.HasPrefix(text, "let ") {
			lead, text = text[:i+3], text[i+3:]
		}
		l, e := newLayout(text, format)
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
		b.WriteString(margin + lead + out + ";\n")
		for _, pattern := range []string{"A", "Kind::SomethingElse(x)", "OtherKind::SomethingElseWithAName(x, y, _)"} {
			if body, ok := l.arm(e, 2*indent, 2*indent+len(pattern+" => "), 1, false); ok {
				arms.WriteString(margin + margin + pattern + " => " + body)
				if !strings.HasPrefix(body, "{") {
					arms.WriteByte(',')
				}
				arms.WriteByte('\n')
			} else {
				t.Errorf("%s => %s is not laid out", pattern, text)
			}
		}
	}
	if exec.Command("rustfmt", "--version").Run() != nil {
		t.Skip("rustfmt is not installed, so our layout is not held against its")
	}
	text := "async fn f() {\n" + b.String() + margin + "match x {\n" + arms.String() + margin + "}\n}\n"
	if format.HardTabs {
		text = withTabs(&Edit{New: text}, nil, indent)
	}
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "rustfmt.toml"), []byte(configuration))
	writeFile(t, filepath.Join(dir, "lib.rs"), []byte(text))
	rustfmt(t, dir, "lib.rs", strconv.Itoa(edition))
}
