-- The commands :Afidt..
local afidt = require('afidt')

local function complain(message)
  vim.notify('afidt: ' .. message, vim.log.levels.ERROR)
end

--- Has the server execute a command, and hands on what it answers.
local function execute(command, arguments, show)
  local client = afidt.clients()[1]
  if not client then
    complain('the server is not running; see :checkhealth afidt')
    return
  end
  local function answered(err, result)
    if err then
      complain(err.message)
    elseif type(result) == 'string' then
      show(result)
    end
  end
  local params = { command = command, arguments = arguments }
  if vim.fn.has('nvim-0.11') == 1 then
    client:request('workspace/executeCommand', params, answered)
  else
    client.request('workspace/executeCommand', params, answered)
  end
end

--- Shows text in a window of its own that is gone when it is closed.
local function page(name, filetype)
  return function(text)
    vim.cmd('new')
    local buffer = vim.api.nvim_get_current_buf()
    vim.api.nvim_buf_set_lines(buffer, 0, -1, false, vim.split(text, '\n', { plain = true }))
    vim.bo[buffer].buftype = 'nofile'
    vim.bo[buffer].bufhidden = 'wipe'
    vim.bo[buffer].swapfile = false
    vim.bo[buffer].modifiable = false
    vim.bo[buffer].filetype = filetype
    pcall(vim.api.nvim_buf_set_name, buffer, 'afidt://' .. name)
  end
end

local M = {}

--- Shows the trait at a place: { { textDocument = .., position = .. } }.
function M.show_desugared(arguments)
  execute('afidt.showDesugared', arguments, page('desugared.rs', 'rust'))
end

M.user = {
  AfidtReport = {
    desc = 'All traits of the workspace, with their verdicts',
    nargs = 0,
    run = function()
      execute('afidt.report', {}, page('report', 'markdown'))
    end,
  },
  AfidtShowDesugared = {
    desc = 'The trait at the cursor as it is lowered',
    nargs = 0,
    run = function()
      local client = afidt.clients()[1]
      local encoding = client and client.offset_encoding or 'utf-16'
      local params = vim.lsp.util.make_position_params(0, encoding)
      M.show_desugared({ params })
    end,
  },
  AfidtExplainRule = {
    desc = 'The page of a rule, by name or code',
    nargs = 1,
    run = function(args)
      execute('afidt.explainRule', { args.args }, page(args.args .. '.md', 'markdown'))
    end,
  },
  AfidtRestart = {
    desc = 'Stop the server and start it again',
    nargs = 0,
    run = function()
      afidt.restart()
    end,
  },
}

return M
