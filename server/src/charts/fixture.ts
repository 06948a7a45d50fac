// For tests: the files of a chart from one text, each after a line `# file: path`.
import type { Chart } from './chart.ts';
import { readChart } from './chart.ts';
import type { ChartFiles } from './files.ts';

export function chartFiles(source: string): ChartFiles {
  const [, ...parts] = source.split(/^# file: (.+)\n/m);
  const files = new Map<string, string>();
  for (let at = 0; at < parts.length; at += 2) files.set(parts[at]!.trim(), parts[at + 1]!);
  if (!files.has('Chart.yaml')) files.set('Chart.yaml', 'name: shop\nversion: 1.2.3\n');
  return { paths: [...files.keys()].sort(), text: (path) => files.get(path), archive: () => undefined };
}

export function chartOf(source: string): Chart {
  return readChart(chartFiles(source))!;
}
