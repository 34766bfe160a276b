-- What is there without a call of setup(): the commands.
if vim.g.loaded_afidt or vim.fn.has('nvim-0.7') == 0 then
  return
end
vim.g.loaded_afidt = true

for name, command in pairs(require('afidt.commands').user) do
  vim.api.nvim_create_user_command(name, command.run, { desc = command.desc, nargs = command.nargs })
end

-- What a code lens does: both are about the trait below it.
vim.lsp.commands['afidt.showDesugared'] = function(command)
  require('afidt.commands').show_desugared(command.arguments)
end
vim.lsp.commands['afidt.showUses'] = function(command)
  require('afidt.commands').show_uses(command.arguments)
end
