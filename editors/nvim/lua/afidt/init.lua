-- Starts the server in every Neovim since 0.7. From 0.11 on vim.lsp.enable('afidt') does without this.
local M = {}

--- The folder of the outermost Cargo.toml above a file, else of the innermost .git, else that of the file.
--- Neovim 0.7 has no vim.fs.
---@param file string
---@return string
function M.root(file)
  local folder = vim.fn.fnamemodify(file, ':p:h')
  local start, manifest, repository = folder, nil, nil
  while true do
    if vim.fn.filereadable(folder .. '/Cargo.toml') == 1 then
      manifest = folder
    end
    if not repository and vim.fn.getftype(folder .. '/.git') ~= '' then
      repository = folder
      -- A manifest above the repository is another project's.
      break
    end
    local parent = vim.fn.fnamemodify(folder, ':h')
    if parent == folder then
      break
    end
    folder = parent
  end
  return manifest or repository or start
end

---@return table[] clients of this server
function M.clients()
  local all = (vim.lsp.get_clients or vim.lsp.get_active_clients)()
  return vim.tbl_filter(function(client)
    return client.name == 'afidt'
  end, all)
end

local defaults = { cmd = { 'afidt-lsp', 'lsp' }, settings = {} }

--- What setup() was given, for :checkhealth and for restarts.
M.options = vim.deepcopy(defaults)

-- The clients of Neovim 0.7, by their roots.
local by_root = {}

local function attach(buffer)
  local file = vim.api.nvim_buf_get_name(buffer)
  if file == '' or vim.bo[buffer].buftype ~= '' then
    return
  end
  local options = M.options
  local config = {
    name = 'afidt',
    cmd = options.cmd,
    root_dir = M.root(file),
    settings = { afidt = vim.tbl_isempty(options.settings) and vim.empty_dict() or options.settings },
    capabilities = options.capabilities,
    on_attach = options.on_attach,
  }
  if vim.lsp.start then
    vim.lsp.start(config, { bufnr = buffer })
    return
  end
  -- Neovim 0.7: one client for each root, also while it is being started and is not listed.
  local id = by_root[config.root_dir]
  if not id then
    config.on_init = function(client)
      client.notify('workspace/didChangeConfiguration', { settings = config.settings })
    end
    config.on_exit = function(_, _, ended)
      if by_root[config.root_dir] == ended then
        by_root[config.root_dir] = nil
      end
    end
    id = vim.lsp.start_client(config)
    by_root[config.root_dir] = id
  end
  if id then
    vim.lsp.buf_attach_client(buffer, id)
  end
end

--- Starts the server for Rust files.
---@param options table|nil cmd, settings, capabilities, on_attach
function M.setup(options)
  M.options = vim.tbl_deep_extend('force', vim.deepcopy(defaults), options or {})
  if vim.lsp.config and vim.lsp.enable then
    vim.lsp.config('afidt', {
      cmd = M.options.cmd,
      settings = { afidt = vim.tbl_isempty(M.options.settings) and vim.empty_dict() or M.options.settings },
      capabilities = M.options.capabilities,
      on_attach = M.options.on_attach,
    })
    vim.lsp.enable('afidt')
    return
  end
  local group = vim.api.nvim_create_augroup('afidt', { clear = true })
  vim.api.nvim_create_autocmd('FileType', {
    group = group,
    pattern = 'rust',
    callback = function(args)
      attach(args.buf)
    end,
  })
  for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
    if vim.api.nvim_buf_is_loaded(buffer) and vim.bo[buffer].filetype == 'rust' then
      attach(buffer)
    end
  end
end

--- Stops the servers, and starts one again for each buffer that had one.
function M.restart()
  local clients = M.clients()
  local buffers = {}
  for _, client in ipairs(clients) do
    for _, buffer in ipairs(vim.lsp.get_buffers_by_client_id(client.id)) do
      table.insert(buffers, buffer)
    end
  end
  M.stop()
  if not vim.wait(5000, function()
    return #M.clients() == 0
  end, 20) then
    M.stop(true)
  end
  for _, buffer in ipairs(buffers) do
    if vim.lsp.is_enabled and vim.lsp.is_enabled('afidt') then
      vim.api.nvim_exec_autocmds('FileType', { group = 'nvim.lsp.enable', buffer = buffer, modeline = false })
    else
      attach(buffer)
    end
  end
end

---@param force boolean|nil
function M.stop(force)
  for _, client in ipairs(M.clients()) do
    if vim.fn.has('nvim-0.11') == 1 then
      client:stop(force)
    else
      vim.lsp.stop_client(client.id, force)
    end
  end
end

return M
