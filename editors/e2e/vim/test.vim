" vim -Nu NONE -es -S test.vim
" AFIDT_LSP: the server. DEMO: a scratch copy of the demo. SETUP: editors/vim/ale.vim. RESULTS: where to write what was checked.
let s:passed = 0
let s:failed = 0
let s:lines = []

function s:Check(name, ok, got) abort
	if a:ok
		let s:passed += 1
		call add(s:lines, 'ok   ' . a:name)
	else
		let s:failed += 1
		call add(s:lines, 'FAIL ' . a:name . ': ' . substitute(string(a:got), '\n', ' ', 'g'))
	endif
endfunction

function s:Eventually(name, Done, Got) abort
	let l:end = reltimefloat(reltime()) + (empty($PATIENCE) ? 20 : str2float($PATIENCE))
	while !a:Done() && reltimefloat(reltime()) < l:end
		sleep 20m
	endwhile
	call s:Check(a:name, a:Done(), a:Got())
endfunction

function s:Errors() abort
	return filter(getloclist(0), {_, e -> e.text =~# 'not dyn compatible'})
endfunction

function s:Ours() abort
	let l:found = get(get(g:ale_buffer_info, bufnr(''), {}), 'loclist', [])
	return filter(copy(l:found), {_, e -> e.linter_name ==# 'afidt' && e.type ==# 'E'})
endfunction

function s:Test() abort
	set nocompatible hidden
	filetype plugin on
	let &runtimepath .= ',/usr/share/vim-scripts/ale,/usr/share/vim/vimfiles'
	let g:ale_linters = {'rust': ['afidt']}
	let g:afidt_executable = $AFIDT_LSP
	packadd! ale
	runtime plugin/ale.vim
	execute 'source ' . fnameescape($SETUP)
	execute 'edit ' . fnameescape($DEMO . '/src/lib.rs')
	set filetype=rust
	call ale#Queue(0)
	call s:Eventually('diagnostics arrive', {-> len(s:Ours()) >= 2}, {-> s:Ours()})
	let l:first = get(s:Ours(), 0, {'lnum': 0, 'col': 0, 'end_col': 0})
	call s:Check('range', getline(l:first.lnum)[l:first.col - 1 : l:first.end_col - 1] ==# 'dyn HttpClient', l:first)
	" What is typed counts before it is saved.
	call setline(8, '    pub client: Option<u8>,')
	call ale#Queue(0)
	call s:Eventually('one is gone after an edit', {-> len(s:Ours()) == 1}, {-> s:Ours()})
	edit!

	let &makeprg = $AFIDT_LSP . ' check --format short'
	set errorformat=%f:%l:%c:\ %t%*[a-z]%m
	execute 'cd ' . fnameescape($DEMO)
	silent make
	let l:errors = filter(getqflist(), {_, e -> e.valid && e.type ==# 'e'})
	call s:Check(':make lists both errors', len(l:errors) == 2 && l:errors[0].lnum == 8 && bufname(l:errors[0].bufnr) =~# 'lib.rs', getqflist())
endfunction

try
	call s:Test()
catch
	call s:Check('no error', 0, v:exception . ' at ' . v:throwpoint)
endtry
call add(s:lines, s:passed . ' passed, ' . s:failed . ' failed')
call writefile(s:lines, '/dev/stdout')
if s:failed
	cquit
endif
qall!
