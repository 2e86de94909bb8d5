import { el, fill, set, shown, unique } from './dom';
import { Latest } from './latest';
import { Client } from './protocol';

/** What op complete offers. */
interface Offer {
  text: string;
  name: string;
  kind: string;
}

/**
 * PathInput is a box for a path, which the kernel completes: of a file, or of an object in `file`.
 * done gets what was entered or chosen.
 */
export class PathInput {
  readonly node: HTMLElement;
  readonly input: HTMLInputElement;
  private list: HTMLElement;
  private offers: Offer[] = [];
  private chosen = -1;
  private latest = new Latest(() => this.offer([]));

  constructor(private client: Client, private file: string | null, label: string, private done: (path: string) => void) {
    const id = unique();
    this.list = el('ul', { class: 'gofive-offers', role: 'listbox', id, 'aria-label': label });
    this.input = el('input', {
      class: 'gofive-input', type: 'text', role: 'combobox', placeholder: label, 'aria-label': label, spellcheck: 'false',
      autocomplete: 'off', 'aria-autocomplete': 'list', 'aria-expanded': 'false', 'aria-controls': id,
      on: { input: () => this.ask(), focus: () => this.ask(), keydown: e => this.key(e), blur: () => this.offer([]) },
    });
    this.node = el('div', { class: 'gofive-pathinput' }, this.input, this.list);
    shown(this.list, false);
  }

  private ask(): void {
    this.latest.soon(120, async signal => {
      const where = this.file ? { file: this.file } : {};
      const answer = await this.client.request('complete', { ...where, text: this.input.value }, { signal });
      this.offer(document.activeElement === this.input || !document.hasFocus() ? answer.items : []);
    });
  }

  private offer(offers: Offer[]): void {
    if (!offers.length) {
      this.latest.cancel();
    }
    this.offers = offers;
    this.chosen = -1;
    this.draw();
  }

  private draw(): void {
    const rows = this.offers.map((o, i) =>
      el('li', { role: 'option', id: `${this.list.id}-${i}`, 'aria-selected': String(i === this.chosen), title: o.text,
        on: { mousedown: e => { e.preventDefault(); this.take(o); } } }, o.name || o.text));
    fill(this.list, ...rows);
    shown(this.list, rows.length > 0);
    set(this.input, 'aria-expanded', String(rows.length > 0));
    set(this.input, 'aria-activedescendant', this.chosen >= 0 ? rows[this.chosen].id : undefined);
    rows[this.chosen]?.scrollIntoView?.({ block: 'nearest' });
  }

  private key(e: KeyboardEvent): void {
    e.stopPropagation();
    const n = this.offers.length;
    if ((e.key === 'ArrowDown' || e.key === 'ArrowUp') && n) {
      this.chosen = (this.chosen + (e.key === 'ArrowDown' ? 1 : this.chosen < 0 ? 0 : -1) + n) % n;
      this.draw();
    } else if (e.key === 'Tab' && n && !e.shiftKey) {
      this.take(this.offers[Math.max(0, this.chosen)]);
    } else if (e.key === 'Enter') {
      this.enter();
    } else if (e.key === 'Escape') {
      this.offer([]);
      return;
    } else {
      return;
    }
    e.preventDefault();
  }

  private enter(): void {
    if (this.chosen >= 0) {
      this.take(this.offers[this.chosen]);
    } else if (this.input.value) {
      this.offer([]);
      this.done(this.input.value);
    }
  }

  // A folder or group is a step on the way.
  private take(o: Offer): void {
    this.input.value = o.text;
    if (o.text.endsWith('/')) {
      this.ask();
    } else {
      this.offer([]);
      this.done(o.text);
    }
  }
}
