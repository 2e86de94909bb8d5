const pause = 700; // ms after which typing begins anew

/** Typing finds the name that begins with what is typed without a pause. */
export class Typing {
  private typed = '';
  private when = 0;

  /** Gives the place of the next name, after from, that begins with what was typed; -1 for none. */
  find(key: string, names: string[], from: number, now = Date.now()): number {
    this.typed = now - this.when > pause ? key : this.typed + key;
    this.when = now;
    const start = this.typed.length > 1 ? from : from + 1; // a name found may go on to match
    for (let i = 0; i < names.length; i++) {
      const at = (Math.max(0, start) + i) % names.length;
      if (names[at].toLowerCase().startsWith(this.typed.toLowerCase())) {
        return at;
      }
    }
    return -1;
  }
}
