// For tests: the files of a chart from one text, each after a line `# file: path`, and what Helm makes of templates that only
// insert values or fail.
import { valueAt } from '../syntax/value.ts';
import type { Chart } from './chart.ts';
import { readChart } from './chart.ts';
import { coalesced } from './coalesce.ts';
import type { ChartFiles } from './files.ts';
import { type Rendered, type RenderRequest, type Renders, renderedObjects } from './render.ts';

export function chartFiles(source: string): ChartFiles {
  const [, ...parts] = source.split(/^# file: (.+)\n/m);
  const files = new Map<string, string>();
  for (let at = 0; at < parts.length; at += 2) files.set(parts[at]!.trim(), parts[at + 1]!);
  if (!files.has('Chart.yaml')) files.set('Chart.yaml', 'name: shop\nversion: 1.2.3\n');
  return {
    paths: [...files.keys()].sort(),
    text: (path) => files.get(path),
    bytes: (path) => (files.has(path) ? Buffer.from(files.get(path)!) : undefined),
    archive: () => undefined,
  };
}

export function chartOf(source: string): Chart {
  return readChart(chartFiles(source))!;
}

export const plainRenders: Renders = { isOn: true, rendered: remembering(rendered) };

function rendered({ chart, defaults, values }: RenderRequest): Rendered {
  const all = coalesced(chart, values, defaults);
  let output = '';
  for (const path of chart.files.paths.filter((one) => /^templates\/.+\.yaml$/.test(one))) {
    const text = chart.files.text(path) ?? '';
    const [, why] = /\{\{ fail "(.+?)" \}\}/.exec(text) ?? [];
    if (why !== undefined) return { is: 'refused', why };
    const filled = text.replace(/\{\{ \.Values\.([\w.]+) \}\}/g, (_, dotted: string) =>
      String(valueAt(all, dotted.split('.'))),
    );
    if (filled.includes('{{')) return { is: 'failed' };
    output += `---\n# Source: ${chart.name}/${path}\n${filled}`;
  }
  return { is: 'objects', objects: renderedObjects(output) };
}

function remembering(render: (request: RenderRequest) => Rendered): Renders['rendered'] {
  const known = new Map<string, Rendered>();
  return (request) => {
    const { chart, ...rest } = request;
    const texts = chart.files.paths.map((path) => chart.files.text(path));
    const key = JSON.stringify([texts, rest], (_, one: unknown) => (typeof one === 'bigint' ? Number(one) : one));
    if (!known.has(key)) known.set(key, render(request));
    return known.get(key)!;
  };
}
