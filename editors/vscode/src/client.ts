// The language client: what of the protocol is used, and what is changed on the way.

import * as path from 'node:path';
import * as vscode from 'vscode';
import {
	CloseAction,
	DocumentDiagnosticRequest,
	ErrorAction,
	ExecuteCommandRequest,
	LanguageClient,
	RevealOutputChannelOn,
	type ClientCapabilities,
	type DynamicFeature,
	type FeatureState,
	type LanguageClientOptions,
	type StaticFeature,
} from 'vscode-languageclient/node';
import type { Duplicates } from './duplicates';
import type { Restarts } from './restarts';
import { forServer } from './settings';

/** The feature of either kind, whose method is known if it is dynamic. */
type Feature = StaticFeature | DynamicFeature<unknown>;

/**
 * A client without two of the usual features:
 *
 * - Pull diagnostics: the server pushes, and Duplicates has each list to filter again when cargo's change.
 * - Registration of the server's commands as the editor's: ours are there while the server is not, and say so.
 */
class Client extends LanguageClient {
	override registerFeature(feature: Feature): void {
		const method = 'registrationType' in feature ? feature.registrationType.method : undefined;
		if (method === DocumentDiagnosticRequest.method) {
			return;
		}
		super.registerFeature(method === ExecuteCommandRequest.method ? new Commands() : feature);
	}
}

/** Says that commands can be executed. */
class Commands implements StaticFeature {
	fillClientCapabilities(capabilities: ClientCapabilities): void {
		capabilities.workspace = { ...capabilities.workspace, executeCommand: {} };
	}
	initialize(): void {
		// Nothing to register.
	}
	getState(): FeatureState {
		return { kind: 'static' };
	}
	clear(): void {
		// Nothing was registered.
	}
}

export interface ClientParts {
	program: string;
	env: NodeJS.ProcessEnv;
	output: vscode.OutputChannel;
	trace: vscode.OutputChannel;
	duplicates: Duplicates;
	restarts: Restarts;
	/** Told when the server died too often and stays down. */
	onGivenUp(): void;
}

export function makeClient(parts: ClientParts): LanguageClient {
	const run = {
		command: parts.program,
		args: ['lsp'],
		// Not the open folder, which is what the client would take.
		options: { env: parts.env, cwd: path.dirname(parts.program), shell: false },
	};
	const options: LanguageClientOptions = {
		documentSelector: [
			{ scheme: 'file', language: 'rust' },
			{ scheme: 'untitled', language: 'rust' },
		],
		// Also the owner in the problem matcher: what the task finds replaces what the server found, and is not shown beside it.
		diagnosticCollectionName: 'afidt',
		outputChannel: parts.output,
		traceOutputChannel: parts.trace,
		revealOutputChannelOn: RevealOutputChannelOn.Never,
		markdown: { isTrusted: false, supportHtml: false },
		initializationFailedHandler: () => false,
		errorHandler: {
			error: () => ({ action: ErrorAction.Continue, handled: true }),
			closed: () => {
				if (parts.restarts.again(Date.now())) {
					parts.output.appendLine('The server ended unexpectedly and is started again.');
					return { action: CloseAction.Restart, handled: true };
				}
				parts.onGivenUp();
				return { action: CloseAction.DoNotRestart, handled: true };
			},
		},
		middleware: {
			handleDiagnostics: (uri, diagnostics, show) => {
				parts.duplicates.publish(uri, diagnostics, show);
			},
			workspace: {
				configuration: async (params, token, next) => {
					const answers = await next(params, token);
					if (!Array.isArray(answers)) {
						return answers;
					}
					return answers.map((answer: unknown, i) => (params.items[i]?.section === 'afidt' ? forServer(answer) : answer));
				},
			},
		},
	};
	return new Client('afidt', 'afidt', { run, debug: run }, options);
}
