import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withoutTwins, type Finding } from '../../src/twins';

const at = (line: number, from: number, to: number): Finding['range'] => ({ start: { line, character: from }, end: { line, character: to } });
const ours: Finding = { source: 'afidt', code: { value: 'E0038' }, range: at(7, 26, 37) };

test('the same error of cargo hides ours', () => {
	const cargo: Finding = { source: 'rustc', code: { value: 'E0038' }, range: at(7, 26, 37) };
	assert.deepEqual(withoutTwins([ours], [ours, cargo]), []);
	assert.deepEqual(withoutTwins([ours], [ours, { ...cargo, source: 'cargo', code: 'E0038' }]), []);
	// rustc marks the whole type at times.
	assert.deepEqual(withoutTwins([ours], [{ ...cargo, range: at(7, 18, 38) }]), []);
});

test('others do not', () => {
	for (const other of [
		{ source: 'rustc', code: 'E0191', range: at(7, 26, 37) },
		{ source: 'rustc', code: 'E0038', range: at(8, 26, 37) },
		{ source: 'rustc', code: 'E0038', range: at(7, 0, 10) },
		{ source: 'clippy', code: 'dead_code', range: at(7, 26, 37) },
		{ source: 'rustc', range: at(7, 26, 37) },
	]) {
		assert.deepEqual(withoutTwins([ours], [ours, other]), [ours], JSON.stringify(other));
	}
});

test('ours do not hide ours', () => {
	assert.deepEqual(withoutTwins([ours], [ours, { ...ours }]), [ours]);
	const named: Finding = { source: 'afidt', code: 'AFIDT001', range: at(1, 0, 5) };
	assert.deepEqual(withoutTwins([named], [{ source: 'other', code: 'AFIDT001', range: at(1, 0, 5) }]), [named]);
});
