import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { findTypeErrors } from './types.js';

const text = readFileSync(process.env.DASHBOARD, 'utf8');

// The errors after `change` of a dashboard that has none.
function errorsAfter(change) {
  const dashboard = JSON.parse(text);
  change(dashboard);
  return findTypeErrors(dashboard, '.');
}

function first(dashboard, type) {
  return dashboard.panels.find((panel) => panel.type === type);
}

test('the dashboard has the types of Grafana', () => {
  assert.deepEqual(errorsAfter(() => {}), []);
});

test('what is misspelt or of a wrong type is found', () => {
  const changes = {
    schemaVersion: (dashboard) => { dashboard.schemaVersion = '39'; },
    gridPos: (dashboard) => { first(dashboard, 'stat').gridPos.width = 4; },
    'an option of a heat map': (dashboard) => { first(dashboard, 'heatmap').options.colour = {}; },
    'the value of an option': (dashboard) => {
      first(dashboard, 'timeseries').options.tooltip.mode = 'all';
    },
    'a field of a graph': (dashboard) => {
      first(dashboard, 'timeseries').fieldConfig.defaults.custom.lineWidth = '1';
    },
    'a query': (dashboard) => { delete first(dashboard, 'stat').targets[0].expr; },
  };
  for (const [name, change] of Object.entries(changes)) {
    assert.notDeepEqual(errorsAfter(change), [], name);
  }
});
