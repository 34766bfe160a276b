package main

import "strings"

// With -send a trait keeps what `#[async_trait]` promised of it: its futures are Send. An `async fn` becomes
// `fn .. -> impl Future + Send`, and a provided one asks for the `Self: Sync` or `Send` that the attribute adds.
// Impls stay `async fn`. `#[async_trait(?Send)]` promised nothing.

// promises tells whether one of the attributes at tokens first to last promises Send: the others are for targets without threads.
func (s *stripper) promises(first, last int) bool {
	for i := first; i < last; i++ {
		if s.is(i, "async_trait") && !s.is(i+1, ":") && !(s.is(i+1, "(") && s.is(i+2, "?")) {
			return true
		}
	}
	return false
}

// promise rewrites the async methods of the trait whose keyword is at a token.
func (s *stripper) promise(trait int) {
	open := trait
	for open < len(s.tokens) && !s.is(open, "{") && !s.is(open, ";") {
		open++
	}
	if !s.is(open, "{") {
		return
	}
	for i, end := open+1, s.closing(open); i < end; i++ {
		switch s.text(i) {
		case "{":
			i = s.closing(i)
		case "async":
			fn := i + 1
			for s.is(fn, "unsafe") {
				fn++
			}
			if s.is(fn, "fn") {
				s.promiseMethod(i, fn, end)
			}
		}
	}
}

func (s *stripper) promiseMethod(async, fn, end int) {
	open := fn
	for open < end && !s.is(open, "(") {
		open++
	}
	params := s.closing(open)
	body := params
	where := -1
	for ; body < end && !s.is(body, "{") && !s.is(body, ";"); body++ {
		switch s.text(body) {
		case "(", "[":
			if body > params {
				body = s.closing(body)
			}
		case "where":
			where = body
		}
	}
	output := body // the token behind the return type
	if where >= 0 {
		output = where
	}
	s.cuts = append(s.cuts, cut{start: s.tokens[async].start, end: s.tokens[async+1].start})
	if output > params+3 && s.is(params+1, "-") {
		s.insert(s.tokens[params+3].start, "impl ::core::future::Future<Output = ")
		s.insert(s.end(output-1), "> + Send")
	} else {
		s.insert(s.end(params), " -> impl ::core::future::Future<Output = ()> + Send")
	}
	if !s.is(body, "{") {
		return
	}
	if bound := s.held(open, params); where >= 0 {
		s.insert(s.end(where), " "+bound+",")
	} else {
		s.insert(s.end(output-1), " where "+bound)
	}
	s.insert(s.end(body), " async move {")
	s.insert(s.tokens[s.closing(body)].start, "} ")
}

// held is the bound that a provided method's future needs of the receiver that it holds.
func (s *stripper) held(open, params int) string {
	receiver := open + 1
	for receiver < params && !s.is(receiver, ",") {
		receiver++
	}
	text := string(s.src[s.tokens[open].start:s.tokens[receiver].start])
	switch {
	case strings.Contains(text, "Arc"):
		return "Self: Send + Sync"
	case strings.Contains(text, "&") && !strings.Contains(text, "mut"):
		return "Self: Sync"
	}
	return "Self: Send"
}

func (s *stripper) insert(at int, text string) {
	s.cuts = append(s.cuts, cut{start: at, end: at, text: text})
}
