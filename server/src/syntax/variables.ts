// The variables in a text that Flux or clusterctl substitute: `${NAME}` with or without a function, such as
// `${NAME:=default}`. `$${NAME}` is text.

export interface Variable {
  readonly name: string;
  /** Offsets of the name. */
  readonly start: number;
  readonly end: number;
}

/** In the order of the text, including those in the default of another. */
export function variablesIn(text: string): readonly Variable[] {
  if (!text.includes('${')) return [];
  return [...text.matchAll(/(?<!\$)((?:\$\$)*)\$\{( *#?)([A-Za-z_]\w*)/g)].map((match) => {
    const [whole, , , name = ''] = match;
    const end = match.index + whole.length;
    return { name, start: end - name.length, end };
  });
}
