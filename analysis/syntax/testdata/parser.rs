use std::borrow::Cow;
use std::iter::Peekable;
use std::str::CharIndices;

/// A token of the template language.
#[derive(Debug, Clone, PartialEq)]
pub enum Token<'a> {
    Text(&'a str),
    Open,
    Close,
    Name(Cow<'a, str>),
    Number(f64),
    Error { at: usize, message: String },
}

macro_rules! token {
    (open) => {
        Token::Open
    };
    (close) => {
        Token::Close
    };
    ($text:expr) => {
        Token::Text($text)
    };
}

pub struct Lexer<'a> {
    source: &'a str,
    chars: Peekable<CharIndices<'a>>,
    depth: usize,
}

impl<'a> Lexer<'a> {
    pub const MAX_DEPTH: usize = 64;

    pub fn new(source: &'a str) -> Self {
        Self { source, chars: source.char_indices().peekable(), depth: 0 }
    }

    fn text(&mut self, start: usize) -> Token<'a> {
        let mut end = start;
        while let Some(&(at, c)) = self.chars.peek() {
            match c {
                '{' | '}' => break,
                '\'' | '"' => end = at + 1,
                _ => end = at + c.len_utf8(),
            }
            self.chars.next();
        }
        token!(&self.source[start..end])
    }

    fn name(&mut self, start: usize) -> Token<'a> {
        let mut end = start;
        while let Some(&(at, c)) = self.chars.peek() {
            if !c.is_alphanumeric() && c != '_' {
                break;
            }
            end = at + c.len_utf8();
            self.chars.next();
        }
        Token::Name(Cow::Borrowed(&self.source[start..end]))
    }

    /* The number syntax is that of JSON,
       without exponents. */
    fn number(&mut self, start: usize) -> Token<'a> {
        let mut end = start;
        while let Some(&(at, c)) = self.chars.peek() {
            if !c.is_ascii_digit() && c != '.' {
                break;
            }
            end = at + 1;
            self.chars.next();
        }
        match self.source[start..end].parse() {
            Ok(n) => Token::Number(n),
            Err(e) => Token::Error { at: start, message: format!("not a number: {e}") },
        }
    }
}

impl<'a> Iterator for Lexer<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        let &(at, c) = self.chars.peek()?;
        Some(match c {
            '{' => {
                self.chars.next();
                self.depth += 1;
                token!(open)
            }
            '}' => {
                self.chars.next();
                self.depth = self.depth.saturating_sub(1);
                token!(close)
            }
            c if self.depth > 0 && c.is_ascii_digit() => self.number(at),
            c if self.depth > 0 && c.is_alphabetic() => self.name(at),
            _ => self.text(at),
        })
    }
}

/// Renders values.
pub trait Render {
    fn render(&self, out: &mut dyn std::fmt::Write) -> std::fmt::Result;

    fn to_text(&self) -> String {
        let mut out = String::new();
        match self.render(&mut out) {
            Ok(()) => out,
            Err(_) => String::from("{error}"),
        }
    }
}

impl Render for f64 {
    fn render(&self, out: &mut dyn std::fmt::Write) -> std::fmt::Result {
        write!(out, "{self}")
    }
}

impl<T: Render + ?Sized> Render for Box<T> {
    fn render(&self, out: &mut dyn std::fmt::Write) -> std::fmt::Result {
        (**self).render(out)
    }
}

impl<T> Render for [T]
where
    T: Render,
{
    fn render(&self, out: &mut dyn std::fmt::Write) -> std::fmt::Result {
        for (i, item) in self.iter().enumerate() {
            if i > 0 {
                out.write_str(", ")?;
            }
            item.render(out)?;
        }
        Ok(())
    }
}

pub type Filter = Box<dyn Fn(&str) -> String + Send>;

static FILTERS: &[(&str, fn(&str) -> String)] = &[
    ("upper", |s| s.to_uppercase()),
    ("lower", |s| s.to_lowercase()),
    ("quote", |s| format!("\"{}\"", s)),
];

pub fn filter(name: &str) -> Option<Filter> {
    for (key, f) in FILTERS {
        if *key == name {
            return Some(Box::new(*f));
        }
    }
    None
}

pub const HELP: &str = "usage: render [OPTIONS] FILE

    --strict    fail on unknown names
    --help      print this text
";

pub fn render(source: &str, values: &[(&str, &dyn Render)]) -> String {
    let mut out = String::new();
    for token in Lexer::new(source) {
        match token {
            Token::Text(text) => out.push_str(text),
            Token::Name(name) => {
                let value = values.iter().find(|(key, _)| *key == name);
                if let Some((_, value)) = value {
                    out.push_str(&value.to_text());
                }
            }
            Token::Number(n) => out.push_str(&n.to_string()),
            Token::Open | Token::Close => {}
            Token::Error { at, message } => {
                eprintln!("{at}: {message}");
            }
        }
    }
    out
}
