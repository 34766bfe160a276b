-- The commands :Afidt..
local afidt = require('afidt')

local function complain(message)
  vim.notify('afidt: ' .. message, vim.log.levels.ERROR)
end

--- Has the server execute a command, and hands on what it answers, unless that is nothing.
local function execute(command, arguments, show)
  local client = afidt.clients()[1]
  if not client then
    complain('the server is not running; see :checkhealth afidt')
    return
  end
  local function answered(err, result)
    if err then
      complain(err.message)
    elseif result == nil or result == vim.NIL then
      complain('there is no trait at the cursor')
    else
      show(result, client)
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

--- What the server wants to know of the place of the cursor.
local function here()
  local client = afidt.clients()[1]
  return { vim.lsp.util.make_position_params(0, client and client.offset_encoding or 'utf-16') }
end

local M = {}

--- Lists the places where the trait at a place is written as `dyn`, in the quickfix list.
function M.show_uses(arguments)
  -- A lens also says that the server is to show them.
  local place = { textDocument = arguments[1].textDocument, position = arguments[1].position }
  execute('afidt.showUses', { place }, function(locations, client)
    if vim.tbl_isempty(locations) then
      complain('nothing uses this trait as dyn')
      return
    end
    local items = vim.lsp.util.locations_to_items(locations, client.offset_encoding)
    vim.fn.setqflist({}, ' ', { title = 'Uses as dyn', items = items })
    vim.cmd('botright copen')
  end)
end

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
      M.show_desugared(here())
    end,
  },
  AfidtShowUses = {
    desc = 'Where the trait at the cursor is written as dyn',
    nargs = 0,
    run = function()
      M.show_uses(here())
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
