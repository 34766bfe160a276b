---@brief
---
--- https://github.com/afidt-lsp/afidt-lsp
---
--- Says which Rust traits cannot be used as `dyn`, why, and writes what they lack: companions, wrappers, `.box`. Runs beside
--- rust-analyzer.
---
--- Settings are those of `afidt.toml`:
---
--- ```lua
--- vim.lsp.config('afidt', {
---   settings = { afidt = { ['rule-set'] = 'dyn-box', rules = { undispatchable_method = 'off' } } },
--- })
--- ```

---@type vim.lsp.Config
return {
  cmd = { 'afidt-lsp', 'lsp' },
  filetypes = { 'rust' },
  -- The outermost: a workspace has one server, which finds its packages itself.
  root_dir = function(bufnr, on_dir)
    on_dir(require('afidt').root(vim.api.nvim_buf_get_name(bufnr)))
  end,
  settings = { afidt = vim.empty_dict() },
}
