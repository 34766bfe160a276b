-- The plugin in a real Neovim: nvim --headless --clean -u NONE -c 'luafile test.lua'
-- PLUGIN: editors/nvim. AFIDT_LSP: the server. DEMO, CRATE: scratch copies of the demo and of a published crate.
local plugin, lsp, demo, crate = os.getenv('PLUGIN'), os.getenv('AFIDT_LSP'), os.getenv('DEMO'), os.getenv('CRATE')
-- For each thing that a test waits for, in milliseconds.
local patience = 1000 * (tonumber(os.getenv('PATIENCE')) or 20)
local passed, failed = 0, 0

local function say(text)
  io.stdout:write(text .. '\n')
end

local function check(name, ok, got)
  if ok then
    passed = passed + 1
    say('ok   ' .. name)
  else
    failed = failed + 1
    say('FAIL ' .. name .. ': ' .. vim.inspect(got):gsub('\n', ' '))
  end
  return ok
end

-- Waits until f returns something; the test fails if it does not in time.
local function eventually(name, f, got)
  local value
  vim.wait(patience, function()
    value = f()
    return value
  end, 20)
  check(name, value, not value and got and got())
  return value
end

local function lines()
  return vim.api.nvim_buf_get_lines(0, 0, -1, false)
end

local function text()
  return table.concat(lines(), '\n')
end

-- The errors of the buffer, by place.
local function errors()
  local found = vim.diagnostic.get(0, { severity = vim.diagnostic.severity.ERROR })
  table.sort(found, function(a, b)
    return a.lnum < b.lnum
  end)
  return found
end

local function marked(d)
  return lines()[d.lnum + 1]:sub(d.col + 1, d.end_col)
end

local function code(d)
  return tostring(d.code or d.user_data.lsp.code)
end

-- Puts the cursor on the nth place where the text stands literally.
local function go(what, nth)
  vim.api.nvim_win_set_cursor(0, { 1, 0 })
  for _ = 1, nth or 1 do
    if vim.fn.search('\\V' .. what, 'W') == 0 then
      error('no ' .. what)
    end
  end
end

-- Runs the code action whose title has the pattern, as a user would choose it.
local offered
local function act(pattern)
  offered = {}
  vim.ui.select = function(items, options, choose)
    for i, item in ipairs(items) do
      offered[i] = (options.format_item or tostring)(item)
      if offered[i]:find(pattern) then
        choose(item, i)
        return
      end
    end
    choose(nil, nil)
  end
  vim.lsp.buf.code_action()
end

local function test()
  vim.opt.runtimepath:prepend(plugin)
  vim.cmd('filetype plugin on')
  vim.cmd('runtime plugin/afidt.lua')
  if vim.lsp.config and vim.lsp.enable then
    vim.lsp.config('afidt', { cmd = { lsp, 'lsp' } })
    vim.lsp.enable('afidt')
  else
    require('afidt').setup({ cmd = { lsp, 'lsp' } })
  end

  vim.cmd('edit ' .. demo .. '/src/lib.rs')
  local arrived = eventually('diagnostics arrive', function()
    return #errors() >= 2
  end, require('afidt').clients)
  if not arrived then
    return
  end
  do
    local at = vim.tbl_filter(function(d)
      return code(d) == 'E0038'
    end, errors())
    check('two dyn types are errors', #at == 2, at)
    check('range', marked(at[1]) == 'dyn HttpClient', marked(at[1]))
    check('range after an emoji', marked(at[2]) == 'dyn HttpClient', marked(at[2]))
    check('source', at[1].source == 'afidt', at[1])
  end
  local client = require('afidt').clients()[1]
  check('one server, at the folder of Cargo.toml', #require('afidt').clients() == 1 and client.config.root_dir == demo, client and client.config.root_dir)

  local before = text()
  local function undo()
    vim.cmd('silent undo')
    check('one undo takes all of it back', text() == before, text())
  end
  go('fetch(url)')
  act('%.box')
  eventually('.box at the call', function()
    return text():find('self.client.fetch(url).box.await', 1, true)
  end, function()
    return offered
  end)
  undo()
  go('fetch(url)')
  act('dyn_box!')
  eventually('dyn_box! at the call', function()
    return text():find('dyn_box!(self.client.fetch(url)).await', 1, true)
  end, function()
    return offered
  end)
  undo()
  go('fetch("/")')
  act('%.box')
  eventually('.box after an emoji', function()
    return text():find('client.fetch("/").box.await.len()', 1, true)
  end, function()
    return offered
  end)
  undo()

  vim.cmd('edit ' .. demo .. '/src/client.rs')
  go('HttpClient')
  vim.wait(patience, function()
    return vim.lsp.buf_is_attached(0, client.id)
  end, 20)
  vim.cmd('AfidtShowUses')
  eventually(':AfidtShowUses', function()
    local uses = vim.fn.getqflist()
    return #uses == 2 and vim.fn.bufname(uses[1].bufnr):find('lib.rs', 1, true) and uses[1].lnum == 8 and uses[2].lnum == 18
  end, vim.fn.getqflist)
  vim.cmd('cclose')
  vim.cmd('edit ' .. demo .. '/src/lib.rs')

  go('dyn HttpClient')
  act('ompanion')
  eventually('the companion of another file', function()
    return text():find('dyn DynHttpClient', 1, true) or text():find('DynHttpClient', 1, true)
  end, function()
    return offered
  end)
  eventually('no error is left', function()
    return #errors() == 0
  end, errors)
  vim.cmd('silent wall')
  local trait = table.concat(vim.fn.readfile(demo .. '/src/client.rs'), '\n')
  check('written beside the trait', trait:find('DynHttpClient', 1, true), trait)

  local params = vim.lsp.util.make_position_params(0, client.offset_encoding)
  vim.cmd('edit ' .. demo .. '/src/client.rs')
  go('HttpClient')
  params = vim.lsp.util.make_position_params(0, client.offset_encoding)
  local hover = vim.lsp.buf_request_sync(0, 'textDocument/hover', params, 10000)
  local contents = hover and hover[client.id] and hover[client.id].result and hover[client.id].result.contents
  check('hover on a trait names its method', contents and vim.inspect(contents):find('fetch', 1, true), hover)

  -- A crate as it is published: nothing is wrong in it until somebody types a dyn.
  vim.cmd('edit ' .. crate .. '/src/io/write.rs')
  eventually('a server for the crate', function()
    return #require('afidt').clients() == 2
  end)
  vim.api.nvim_buf_set_lines(0, -1, -1, false, { 'pub fn typed(_: &mut dyn AsyncWrite) {}' })
  if eventually('an error in what was typed', function()
    return #errors() > 0
  end) then
    check('only there', #errors() == 1 and errors()[1].lnum == #lines() - 1 and code(errors()[1]) == 'E0038', errors())
  end
  vim.cmd('silent undo')
  eventually('gone when undone', function()
    return #errors() == 0
  end, errors)

  vim.cmd('checkhealth afidt')
  local health = text()
  check(':checkhealth', health:find('afidt%-lsp') and not health:find('ERROR'), health)
  vim.cmd('bwipeout')
  vim.cmd('helptags ' .. plugin .. '/doc')
  -- Debian keeps the parser of help files elsewhere.
  vim.cmd('noautocmd help afidt-setup')
  check(':help', vim.fn.expand('%:t') == 'afidt.txt', vim.fn.expand('%'))
  vim.cmd('helpclose')

  vim.cmd('AfidtReport')
  eventually(':AfidtReport', function()
    return vim.fn.bufexists('afidt://report') == 1 and text():find('HttpClient', 1, true)
  end, text)

  local old = {}
  for _, c in ipairs(require('afidt').clients()) do
    old[c.id] = true
  end
  vim.cmd('AfidtRestart')
  eventually(':AfidtRestart', function()
    local now = require('afidt').clients()
    for _, c in ipairs(now) do
      if old[c.id] then
        return false
      end
    end
    return #now == 2
  end, require('afidt').clients)

  require('afidt').stop()
  eventually('the servers stop', function()
    return #require('afidt').clients() == 0
  end)
end

local ok, err = xpcall(test, debug.traceback)
if not ok then
  failed = failed + 1
  say('FAIL no error: ' .. tostring(err):gsub('\n', ' '))
end
say(passed .. ' passed, ' .. failed .. ' failed')
io.stdout:flush()
vim.cmd(failed == 0 and 'qall!' or 'cquit 1')
