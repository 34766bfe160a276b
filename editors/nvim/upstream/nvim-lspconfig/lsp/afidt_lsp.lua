---@brief
---
--- https://github.com/afidt-lsp/afidt-lsp
---
--- Language server for async functions in `dyn` traits of Rust: which traits cannot be used as `dyn`, why, and code actions that
--- write companions, wrappers, `.box` and `dyn_box!`. Runs beside `rust_analyzer`.
---
--- `afidt-lsp` can be built with Go 1.26 and a C compiler:
--- ```sh
--- go install github.com/afidt-lsp/afidt-lsp/cmd/afidt-lsp@latest
--- ```

---@type vim.lsp.Config
return {
  cmd = { 'afidt-lsp', 'lsp' },
  filetypes = { 'rust' },
  root_markers = { 'Cargo.lock', 'Cargo.toml', '.git' },
  settings = { afidt = vim.empty_dict() },
}
