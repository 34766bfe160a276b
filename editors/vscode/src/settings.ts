// What goes from the settings to the server.

/** Settings that are the extension's own. The server is asked for neither its path nor its trace. */
const notForTheServer = new Set(['enable', 'server', 'trace', 'hideCargoDuplicates']);

/**
 * The section `afidt` as the server gets it: without what is the extension's own and without what nobody set, because what is unset
 * must not win over `afidt.toml`.
 */
export function forServer(section: unknown): Record<string, unknown> {
	if (typeof section !== 'object' || section === null) {
		return {};
	}
	const result: Record<string, unknown> = {};
	for (const [key, value] of Object.entries(section)) {
		const kept = notForTheServer.has(key) ? undefined : setPart(value);
		if (kept !== undefined) {
			result[key] = kept;
		}
	}
	return result;
}

function setPart(value: unknown): unknown {
	if (value === null || value === undefined) {
		return undefined;
	}
	if (typeof value !== 'object' || Array.isArray(value)) {
		return value;
	}
	const parts = Object.entries(value).flatMap(([key, inner]) => {
		const kept = setPart(inner);
		return kept === undefined ? [] : [[key, kept] as const];
	});
	return parts.length === 0 ? undefined : Object.fromEntries(parts);
}
