// The order of names and versions in which numbers count by value: `pool-2` before `pool-10`. The same in every language, and
// without the tables of languages, whose loading takes a command as long as a request.

/** Negative, zero or positive, as `sort` expects it. Letters count without their case unless nothing else differs. */
export function compareNames(a: string, b: string): number {
  if (a === b) return 0;
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    const [left, right] = [a.charCodeAt(i), b.charCodeAt(j)];
    if (isDigit(left) && isDigit(right)) {
      const [endA, endB] = [endOfDigits(a, i), endOfDigits(b, j)];
      const difference = compareDigits(a, i, endA, b, j, endB);
      if (difference !== 0) return difference;
      [i, j] = [endA, endB];
      continue;
    }
    const difference = lower(left) - lower(right);
    if (difference !== 0) return difference;
    i += 1;
    j += 1;
  }
  const rest = a.length - i - (b.length - j);
  return rest !== 0 ? rest : a < b ? -1 : 1;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function endOfDigits(text: string, from: number): number {
  let at = from;
  while (isDigit(text.charCodeAt(at))) at += 1;
  return at;
}

/** Of any length; without a part of either text, since ten thousand names are compared a hundred thousand times. */
function compareDigits(a: string, startA: number, endA: number, b: string, startB: number, endB: number): number {
  let [i, j] = [afterZeros(a, startA, endA), afterZeros(b, startB, endB)];
  const longer = endA - i - (endB - j);
  if (longer !== 0) return longer;
  for (; i < endA; i++, j++) {
    const difference = a.charCodeAt(i) - b.charCodeAt(j);
    if (difference !== 0) return difference;
  }
  return 0;
}

function afterZeros(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && text.charCodeAt(at) === 48) at += 1;
  return at;
}

function lower(code: number): number {
  return code >= 65 && code <= 90 ? code + 32 : code;
}
