" Tells ALE how to start afidt-lsp for Rust.
call ale#linter#Define('rust', {
\   'name': 'afidt',
\   'lsp': 'stdio',
\   'executable': {-> get(g:, 'afidt_executable', 'afidt-lsp')},
\   'command': '%e lsp',
\   'project_root': {buffer -> fnamemodify(ale#path#FindNearestFile(buffer, 'Cargo.toml'), ':h')},
\   'lsp_config': {-> {'afidt': get(g:, 'afidt_settings', {})}},
\})
