// The list of suggestions as the window shows it.
import type { Page } from 'playwright-core';

export interface Row {
  readonly label: string;
  readonly details: string;
  readonly isFocused: boolean;
}

/** Milliseconds without a change after which the list is settled, and the longest wait for that. */
const calm = 160;
const longest = 4000;
/** Milliseconds after which no list is expected any more. */
const none = 1500;

/** The rows in sight once the list no longer changes; empty if there is none. */
export async function rowsShown(page: Page): Promise<readonly Row[]> {
  const end = performance.now() + longest;
  let last = '';
  let since = performance.now();
  for (;;) {
    const rows = await read(page);
    const text = JSON.stringify(rows);
    if (text !== last) {
      last = text;
      since = performance.now();
    } else if (performance.now() - since >= (rows.length === 0 ? none : calm) || performance.now() > end) return rows;
    await page.waitForTimeout(30);
  }
}

/** Runs in the page, so that it is a text: its types are those of a browser. */
const read = (page: Page): Promise<readonly Row[]> =>
  page.evaluate(`[...document.querySelectorAll('.suggest-widget.visible .monaco-list-row')]
    .sort((a, b) => Number(a.getAttribute('data-index')) - Number(b.getAttribute('data-index')))
    .map((row) => ({
      label: row.querySelector('.label-name')?.textContent ?? '',
      details: row.querySelector('.qualifier-label')?.textContent || row.querySelector('.details-label')?.textContent || '',
      isFocused: row.classList.contains('focused'),
    }))`);
