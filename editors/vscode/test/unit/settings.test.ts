import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forServer } from '../../src/settings';

test('what nobody set is left out', () => {
	assert.deepEqual(forServer({ enable: true, 'rule-set': null, rules: {}, fix: { style: null }, server: { path: '/bin/x', extraEnv: {} }, trace: { server: 'verbose' }, hideCargoDuplicates: true }), {});
	assert.deepEqual(forServer(null), {});
	assert.deepEqual(forServer('stable'), {});
});

test('what is set goes as it is', () => {
	const section = { 'rule-set': 'dyn-box', rules: { undispatchable_method: 'off' }, fix: { style: ['companion'] }, codeLens: { enable: false } };
	assert.deepEqual(forServer({ ...section, server: { path: '/bin/x' } }), section);
	assert.deepEqual(forServer({ fix: { style: [] } }), { fix: { style: [] } });
});
