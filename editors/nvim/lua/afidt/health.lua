-- :checkhealth afidt
local M = {}

-- Neovim 0.10 renamed them.
local health = vim.health
local start = health and health.start or require('health').report_start
local ok = health and health.ok or require('health').report_ok
local warn = health and health.warn or require('health').report_warn
local fail = health and health.error or require('health').report_error

local function command()
  if vim.lsp.config and vim.lsp.config.afidt then
    return vim.lsp.config.afidt.cmd
  end
  return require('afidt').options.cmd
end

local function check_program()
  local cmd = command()
  if type(cmd) ~= 'table' then
    warn('cmd is a function: the program cannot be checked')
    return
  end
  local program = vim.fn.exepath(cmd[1])
  if program == '' then
    fail(cmd[1] .. ' is not in PATH', { 'Install afidt-lsp, or give its path in cmd; see :help afidt-install' })
    return
  end
  local output = vim.fn.system({ program, 'version' })
  if vim.v.shell_error ~= 0 or not output:find('^afidt%-lsp ') then
    fail(program .. ' is not afidt-lsp or does not run: ' .. vim.trim(output))
    return
  end
  ok(program .. ': ' .. vim.trim(output))
end

local function check_clients()
  local clients = require('afidt').clients()
  if #clients == 0 then
    warn('no server is running: open a Rust file; if none starts then, see :help afidt-setup')
  end
  for _, client in ipairs(clients) do
    local buffers = vim.lsp.get_buffers_by_client_id(client.id)
    ok(('server %d at %s, %d buffers, columns in %s'):format(client.id, client.config.root_dir or 'no root', #buffers, client.offset_encoding))
    for _, buffer in ipairs(buffers) do
      for _, other in ipairs((vim.lsp.get_clients or vim.lsp.get_active_clients)({ bufnr = buffer })) do
        if vim.lsp.buf_is_attached(buffer, other.id) and other.offset_encoding ~= client.offset_encoding then
          warn(('%s counts columns in %s and afidt in %s: some functions of Neovim take one for the other'):format(other.name, other.offset_encoding, client.offset_encoding))
        end
      end
    end
  end
end

function M.check()
  start('afidt')
  if vim.fn.has('nvim-0.7') == 0 then
    fail('Neovim 0.7 or newer is needed')
    return
  end
  ok(vim.fn.matchstr(vim.fn.execute('version'), 'NVIM v[0-9.]*'))
  check_program()
  check_clients()
end

return M
