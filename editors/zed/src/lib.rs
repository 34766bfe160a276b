//! Tells Zed how to start afidt-lsp: what the settings say, else the program in PATH.

use zed_extension_api::settings::LspSettings;
use zed_extension_api::{self as zed, serde_json, LanguageServerId, Result, Worktree};

struct Afidt;

impl zed::Extension for Afidt {
    fn new() -> Self {
        Afidt
    }

    fn language_server_command(&mut self, id: &LanguageServerId, worktree: &Worktree) -> Result<zed::Command> {
        let binary = LspSettings::for_worktree(id.as_ref(), worktree)?.binary;
        let (path, args) = binary.map(|b| (b.path, b.arguments)).unwrap_or_default();
        let command = path
            .or_else(|| worktree.which("afidt-lsp"))
            .ok_or("afidt-lsp is not in PATH; install it, or set lsp.afidt.binary.path")?;
        Ok(zed::Command { command, args: args.unwrap_or_else(|| vec!["lsp".into()]), env: worktree.shell_env() })
    }

    fn language_server_workspace_configuration(
        &mut self,
        id: &LanguageServerId,
        worktree: &Worktree,
    ) -> Result<Option<serde_json::Value>> {
        Ok(LspSettings::for_worktree(id.as_ref(), worktree)?.settings)
    }
}

zed::register_extension!(Afidt);
