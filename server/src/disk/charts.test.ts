import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readChart } from '../charts/chart.ts';
import { mostInChart } from '../charts/files.ts';
import { archiveOfChart, type TarEntry, tarOf } from '../registries/fixture.ts';
import { unpack } from './charts.ts';

const packed = (entries: readonly TarEntry[]) => unpack(gzipSync(tarOf(entries)));

describe('an archive of a chart', () => {
  test('has its files below its own folder, and those of the archives in it', () => {
    const inner = archiveOfChart('db', '2.0.0', { 'values.yaml': 'size: 1Gi\n' });
    const files = packed([
      { name: 'shop/Chart.yaml', content: 'name: shop\nversion: 1.0.0\n' },
      { name: './shop/values.yaml', content: 'replicas: 1\n' },
      { name: 'shop/charts/db-2.0.0.tgz', content: inner },
    ])!;
    expect(files.paths).toEqual(['Chart.yaml', 'charts/db-2.0.0.tgz', 'values.yaml']);
    const { name, dependencies } = readChart(files)!;
    expect([name, dependencies[0]!.chart!.valuesText]).toEqual(['shop', 'size: 1Gi\n']);
  });

  test('is read without links, devices, and paths out of it', () => {
    const files = packed([
      { name: 'shop/Chart.yaml', content: 'name: shop\n' },
      { name: '../etc/passwd', content: 'x' },
      { name: 'shop/../../x', content: 'x' },
      { name: '/etc/x', content: 'x' },
      { name: 'C:\\x', content: 'x' },
      { name: 'shop/values.yaml', type: '2' },
      { name: 'shop/values.yaml', type: '1' },
      { name: 'shop/null', type: '3' },
      { name: 'shop/a', type: '5' },
    ])!;
    expect(files.paths).toEqual(['Chart.yaml']);
  });

  test('has long names of pax and of GNU', () => {
    const long = `shop/${'a'.repeat(120)}.yaml`;
    const record = ` path=${long}\n`;
    const length = record.length + 3;
    const files = packed([
      { name: 'pax', type: 'x', content: `${length}${record}` },
      { name: 'short', content: '1' },
      { name: 'gnu', type: 'L', content: `${long.replace('.yaml', '.json')}\0` },
      { name: 'short', content: '2' },
    ])!;
    expect(files.paths).toEqual([`${'a'.repeat(120)}.json`, `${'a'.repeat(120)}.yaml`]);
  });

  test.each<[string, Uint8Array]>([
    ['no gzip', Buffer.from('hello')],
    ['no tar', gzipSync('x'.repeat(2000))],
    ['a file that is too large', gzipSync(tarOf([{ name: 'a/b', content: Buffer.alloc(mostInChart.fileBytes + 1) }]))],
    ['more than it unpacks to', gzipSync(Buffer.alloc(mostInChart.bytes + 1))],
    ['too many files', gzipSync(tarOf(Array.from({ length: mostInChart.files + 1 }, () => ({ name: 'a/b' }))))],
    ['a file that ends after it', gzipSync(tarOf([{ name: 'a/b', size: 4096 }]))],
  ])('is refused: %s', (_, bytes) => {
    expect(unpack(bytes)).toBeUndefined();
  });

  test('of archives in archives is read as long as all of it is within the bound', () => {
    const large = { 'big.yaml': ' '.repeat(4_000_000) };
    const inner = Array.from({ length: 30 }, (_, index) => archiveOfChart(`c${index}`, '1.0.0', large));
    const files = packed([
      { name: 'shop/Chart.yaml', content: 'name: shop\n' },
      ...inner.map((content, index) => ({ name: `shop/charts/c${index}-1.0.0.tgz`, content })),
    ])!;
    const known = readChart(files)!.dependencies.length;
    expect(known).toBeGreaterThan(20);
    expect(known).toBeLessThan(30);
  });

  test('of archives that are broken, only so many are tried: each costs memory until the event loop turns', () => {
    const broken = Array.from({ length: 3000 }, (_, at) => ({ name: `shop/charts/a${at}.tgz`, content: 'x' }));
    const last = { name: 'shop/charts/z.tgz', content: archiveOfChart('z', '1.0.0', {}) };
    const files = (count: number) =>
      packed([{ name: 'shop/Chart.yaml', content: 'name: shop\n' }, ...broken.slice(0, count), last])!;
    expect(readChart(files(100))!.dependencies).toHaveLength(1);
    expect(readChart(files(3000))!.dependencies).toHaveLength(0);
  });
});
