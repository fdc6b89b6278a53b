// Checks a dashboard against the types of Grafana, as its own packages publish them.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const schema = '@grafana/schema/dist/types';

// By the kind of a panel: where its options are, and what a field's `custom` is made of.
const kinds = {
  timeseries: { options: 'timeseries', custom: 'GraphFieldConfig' },
  stat: { options: 'stat' },
  heatmap: { options: 'heatmap' },
  'state-timeline': { options: 'statetimeline', custom: 'StateTimelineFieldConfig' },
};

// A literal of JSON has the text of an enum's member where TypeScript wants the member.
const prelude = `
import type { AnnotationQuery, Dashboard, DataSourceRef, GraphFieldConfig, Panel } from '@grafana/schema';
type Plain<T> = T extends string ? \`\${T}\`
  : T extends number | boolean | null | undefined ? T
  : T extends (infer U)[] ? Plain<U>[]
  : T extends object ? { [K in keyof T]: Plain<T[K]> } : T;
interface Target {
  refId: string; datasource: DataSourceRef; editorMode: 'code' | 'builder'; expr: string;
  legendFormat: string; format: 'time_series' | 'table' | 'heatmap'; instant: boolean; range: boolean;
}
// Those of Prometheus have fields of their own.
type Annotation = Plain<AnnotationQuery> & { expr: string; step: string; titleFormat: string };
`;

// What the TypeScript compiler says of the dashboard and of each of its panels: wrong types, unknown
// and missing fields. `folder` holds node_modules, and receives the generated source.
export function findTypeErrors(dashboard, folder) {
  const { panels, annotations, ...rest } = dashboard;
  const shown = panels.filter(({ type }) => type !== 'row');
  const imports = Object.values(kinds).map(
    ({ options }) =>
      `import type * as ${options} from './node_modules/${schema}/raw/composable/${options}/panelcfg/x/types.gen.js';`,
  );
  const source = [
    ...imports,
    prelude,
    constant('dashboard', "Plain<Omit<Dashboard, 'panels' | 'annotations'>>", rest),
    constant('annotations', 'Annotation[]', annotations.list),
    ...shown.flatMap(checkedPanel),
  ].join('\n');
  writeFileSync(join(folder, 'dashboard.ts'), source);
  const flags = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext'];
  try {
    execFileSync('node_modules/.bin/tsc', [...flags, 'dashboard.ts'], { cwd: folder });
    return [];
  } catch (error) {
    return error.stdout.toString().trim().split('\n');
  }
}

function checkedPanel(panel, index) {
  const kind = kinds[panel.type];
  if (!kind) throw new Error(`panel ${panel.title}: no types are known of ${panel.type}`);
  const { options, targets, fieldConfig, ...rest } = panel;
  const { custom, ...defaults } = fieldConfig.defaults;
  return [
    constant(`panel${index}`, "Plain<Omit<Panel, 'options' | 'targets' | 'fieldConfig'>>", rest),
    constant(`options${index}`, `Plain<${kind.options}.Options>`, options),
    constant(`targets${index}`, 'Target[]', targets),
    constant(
      `field${index}`,
      "Plain<Omit<NonNullable<Panel['fieldConfig']>['defaults'], 'custom'>>",
      defaults,
    ),
    ...(custom ? [constant(`custom${index}`, customType(kind), custom)] : []),
  ];
}

function customType({ custom, options }) {
  return custom === 'GraphFieldConfig' ? `Plain<${custom}>` : `Plain<${options}.FieldConfig>`;
}

function constant(name, type, value) {
  return `export const ${name}: ${type} = ${JSON.stringify(value, null, 1)};`;
}
