// What takes long to compute and is asked for again and again while somebody types.

interface Last<K, V> {
  readonly dependsOn: readonly unknown[];
  readonly values: Map<K, V>;
}

/** The values of an owner, by key, while all that they depend on is the same (`===`). */
export class Kept<K, V> {
  readonly #last = new WeakMap<object, Last<K, V>>();

  /** `compute` must depend on nothing but the key, the owner and what is in `dependsOn`. */
  while(owner: object, dependsOn: readonly unknown[]): (key: K, compute: () => V) => V {
    let last = this.#last.get(owner);
    if (last?.dependsOn.length !== dependsOn.length || last.dependsOn.some((one, index) => one !== dependsOn[index]))
      this.#last.set(owner, (last = { dependsOn, values: new Map() }));
    const { values } = last;
    return (key, compute) => {
      if (!values.has(key)) values.set(key, compute());
      return values.get(key)!;
    };
  }
}
