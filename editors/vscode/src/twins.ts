// When two diagnostics tell the same. Knows nothing of the editor but the shape of its values.

export interface Place {
	line: number;
	character: number;
}

export interface Finding {
	source?: string | undefined;
	code?: string | number | { value: string | number } | undefined;
	range: { start: Place; end: Place };
}

export const ours = 'afidt';

/** Ours without those that cargo shows too: the same code at overlapping ranges. */
export function withoutTwins<F extends Finding>(own: readonly F[], all: readonly Finding[]): F[] {
	const cargos = all.filter((f) => f.source !== ours && isCompilerCode(codeOf(f)));
	return own.filter((f) => !cargos.some((c) => codeOf(c) === codeOf(f) && overlap(c.range, f.range)));
}

/** Compilers' codes are told from lints' names by their form, because rust-analyzer and tasks give different sources. */
function isCompilerCode(code: string | undefined): boolean {
	return code !== undefined && /^E\d{4}$/.test(code);
}

function codeOf(f: Finding): string | undefined {
	const code = typeof f.code === 'object' ? f.code.value : f.code;
	return code?.toString();
}

function overlap(a: Finding['range'], b: Finding['range']): boolean {
	return !before(a.end, b.start) && !before(b.end, a.start);
}

function before(a: Place, b: Place): boolean {
	return a.line < b.line || (a.line === b.line && a.character < b.character);
}
