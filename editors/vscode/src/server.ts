// The life of the server: found, started, stopped, started again.

import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { ExecuteCommandRequest, State as ClientState, type LanguageClient } from 'vscode-languageclient/node';
import { makeClient } from './client';
import { Duplicates } from './duplicates';
import { resolveServer, type Found } from './resolve';
import { Restarts } from './restarts';
import { Status, type State } from './status';
import { LazyChannel } from './trace';
import { serverVersion, versionsDiffer } from './version';

const installation = vscode.Uri.parse('https://github.com/afidt-lsp/afidt-lsp#install');

/** An error whose text is for the user, with what they can do about it. */
class Unusable extends Error {
	constructor(
		problem: string,
		readonly remedy: 'settings' | 'install' | 'none',
	) {
		super(problem);
	}
}

export class Server implements vscode.Disposable {
	private readonly output = vscode.window.createOutputChannel('afidt', { log: true });
	private readonly trace = new LazyChannel('afidt trace');
	private readonly status = new Status();
	private readonly duplicates = new Duplicates();
	private client: LanguageClient | undefined;
	private state: State = { kind: 'stopped' };
	/** Starts and stops happen one after another, however fast they are asked for. */
	private queue: Promise<void> = Promise.resolve();

	constructor(private readonly context: vscode.ExtensionContext) {
		this.set(this.state);
	}

	start(): Promise<void> {
		return this.enqueue(() => this.startNow());
	}

	stop(): Promise<void> {
		return this.enqueue(() => this.stopNow());
	}

	restart(): Promise<void> {
		return this.enqueue(async () => {
			await this.stopNow();
			await this.startNow();
		});
	}

	showOutput(): void {
		this.output.show(true);
	}

	get current(): State {
		return this.state;
	}

	/** Lets the server execute a command of its own. Throws what can be shown to the user. */
	async execute(command: string, ...args: unknown[]): Promise<unknown> {
		await this.queue;
		if (this.client?.state !== ClientState.Running) {
			throw new Error(this.state.kind === 'failed' ? this.state.problem : 'The server of afidt is not running.');
		}
		return this.client.sendRequest(ExecuteCommandRequest.type, { command, arguments: args });
	}

	/** Where the program is; the error tells the user what is wrong. Used by tasks too. */
	locate(): Found {
		const settings = vscode.workspace.getConfiguration('afidt');
		const trusted = vscode.workspace.isTrusted;
		const executable = process.platform === 'win32' ? 'afidt-lsp.exe' : 'afidt-lsp';
		const found = resolveServer({
			// The editor itself leaves out what a folder that is not trusted sets; this does not rest on it alone.
			configured: trusted ? settings.get<string | null>('server.path') : settings.inspect<string | null>('server.path')?.globalValue,
			trusted,
			bundled: this.context.asAbsolutePath(path.join('server', executable)),
			folders: (vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri.fsPath),
			home: os.homedir(),
			env: process.env,
			platform: process.platform,
			isProgram,
		});
		if ('problem' in found) {
			throw new Unusable(found.problem, found.cause === 'setting' ? 'settings' : 'install');
		}
		return found;
	}

	/** Whether locate would find a program. */
	isLocated(): boolean {
		try {
			this.locate();
			return true;
		} catch {
			return false;
		}
	}

	dispose(): void {
		this.status.dispose();
		this.duplicates.dispose();
		this.trace.dispose();
		this.output.dispose();
	}

	private enqueue(step: () => Promise<void>): Promise<void> {
		this.queue = this.queue.then(step).catch((error: unknown) => {
			this.output.error(error instanceof Error ? error : String(error));
		});
		return this.queue;
	}

	private set(state: State): void {
		this.state = state;
		this.status.set(state);
	}

	private async startNow(): Promise<void> {
		if (this.client !== undefined || !vscode.workspace.getConfiguration('afidt').get<boolean>('enable', true)) {
			return;
		}
		this.set({ kind: 'starting' });
		try {
			const { program, origin } = this.locate();
			this.output.info(`server: ${program} (${origin})`);
			const env = { ...process.env, ...this.extraEnv() };
			const version = await serverVersion(program, env).catch((error: unknown) => {
				throw new Unusable((error as Error).message, origin === 'setting' ? 'settings' : 'install');
			});
			this.output.info(`version: ${version}`);
			this.warnOfVersion(version);
			const running: State = { kind: 'running', version, origin };
			const client = makeClient({
				program,
				env,
				output: this.output,
				trace: this.trace,
				duplicates: this.duplicates,
				restarts: new Restarts(),
				onGivenUp: () => {
					this.fail(new Unusable('The server of afidt ended five times within three minutes and is not started again.', 'none'));
				},
			});
			client.onDidChangeState((event) => {
				// The state after the last death is onGivenUp's to say.
				if (event.newState === ClientState.Running) {
					this.set(running);
				} else if (event.newState === ClientState.Starting) {
					this.set({ kind: 'starting' });
				}
			});
			this.client = client;
			await client.start();
		} catch (error) {
			await this.drop();
			this.fail(error instanceof Unusable ? error : new Unusable(`The server of afidt did not start: ${(error as Error).message}`, 'none'));
		}
	}

	private async stopNow(): Promise<void> {
		await this.drop();
		this.set({ kind: 'stopped' });
	}

	/** Ends the client in whatever state it is. */
	private async drop(): Promise<void> {
		const client = this.client;
		this.client = undefined;
		try {
			await client?.dispose();
		} catch (error) {
			// A client whose server is gone cannot say goodbye to it.
			this.output.debug(String(error));
		}
		this.duplicates.clear();
	}

	/** Says what is wrong, once; the user decides what happens next. */
	private fail(error: Unusable): void {
		this.set({ kind: 'failed', problem: error.message });
		this.output.error(error.message);
		const actions: Record<string, () => unknown> = {
			...(error.remedy === 'install' && { Install: () => vscode.env.openExternal(installation) }),
			...(error.remedy !== 'none' && { 'Open Settings': () => vscode.commands.executeCommand('workbench.action.openSettings', 'afidt.server.path') }),
			...(error.remedy === 'none' && { Restart: () => this.restart() }),
			'Show Output': () => {
				this.showOutput();
			},
		};
		void vscode.window.showErrorMessage(error.message, ...Object.keys(actions)).then((chosen) => (chosen === undefined ? undefined : actions[chosen]?.()));
	}

	private warnOfVersion(server: string): void {
		const extension = (this.context.extension.packageJSON as { version: string }).version;
		if (versionsDiffer(server, extension)) {
			void vscode.window.showWarningMessage(`afidt-lsp is ${server} and the extension is ${extension}. They are made for each other when both have the same minor version.`);
		}
	}

	private extraEnv(): Record<string, string> {
		const settings = vscode.workspace.getConfiguration('afidt');
		if (vscode.workspace.isTrusted) {
			return settings.get<Record<string, string>>('server.extraEnv') ?? {};
		}
		return settings.inspect<Record<string, string>>('server.extraEnv')?.globalValue ?? {};
	}
}

function isProgram(file: string): boolean {
	try {
		fs.accessSync(file, fs.constants.X_OK);
		return fs.statSync(file).isFile();
	} catch {
		return false;
	}
}
