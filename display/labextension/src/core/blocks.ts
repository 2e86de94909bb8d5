/** Blocks keeps the parts of a table that were asked for last. */
export class Blocks<T> {
  private kept = new Map<string, T>();
  private old = new Map<string, T>(); // shown until they are there again
  private asked = new Set<string>();

  constructor(private most: number) {}

  /** Gives a part, or asks for it. */
  get(key: string, ask: () => Promise<T>, done: () => void, failed: (e: unknown) => void): T | undefined {
    const found = this.kept.get(key);
    if (found === undefined && !this.asked.has(key)) {
      this.asked.add(key);
      ask().then(block => { this.keep(key, block); done(); }, failed); // what failed is not asked for again
    } else if (found !== undefined) {
      this.kept.delete(key);
      this.kept.set(key, found); // what is used stays longest
    }
    return found ?? this.old.get(key);
  }

  /** Has all asked for again; meanwhile get gives what there was. */
  renew(): void {
    this.old = new Map([...this.old, ...this.kept]);
    this.kept = new Map();
    this.asked.clear();
  }

  clear(): void {
    this.kept.clear();
    this.old.clear();
    this.asked.clear();
  }

  private keep(key: string, block: T): void {
    this.asked.delete(key);
    this.old.delete(key);
    this.kept.set(key, block);
    if (this.kept.size > this.most) {
      this.kept.delete(this.kept.keys().next().value!);
    }
  }
}
