// Joins the message and the remedy of a server's problem into one text.
import type { Problem } from '../../server/src/protocol.ts';

export function textOf({ message, remedy }: Partial<Problem>): string {
  const text = message ?? '';
  if (!remedy) return text;
  return `${/[.!?…]$/.test(text) ? text : `${text}.`} ${remedy}`;
}
