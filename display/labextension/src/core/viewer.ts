import { choice, iconButton, textButton, tick } from './button';
import { el, fill, set, shown } from './dom';
import { asCSV, asNPY } from './export';
import { Follow } from './follow';
import { baseName } from './format';
import { Host } from './host';
import { Latest } from './latest';
import { hasMeaning } from './packing';
import { Client } from './protocol';
import { Question } from './question';
import { Chosen, Slicer } from './slicer';
import { Source } from './source';
import { Stat } from './stat';
import { onTheme } from './theme';
import { troubleLine, troubleText } from './trouble';
import { Frame, View } from './view';
import { Kind, kindsOf } from './views';

/** What is seen in a viewer, as JSON. */
export interface Seen {
  kind: string;
  slicer: Chosen;
  part?: any;
}

/**
 * Viewer shows one object of a file in the ways that fit it: lines, heat map, table, picture, text,
 * spectrum. It fills node, which it empties when disposed of; the client stays its owner's.
 */
export class Viewer implements Frame {
  source!: Source;
  slicer!: Slicer;
  private kind: Kind | null = null;
  private view: View | null = null;
  private body = el('div', { class: 'gofive-body', role: 'tabpanel' });
  private tabs = el('div', { class: 'gofive-tabs', role: 'tablist', 'aria-label': 'Views' });
  private slices = el('div');
  private raw = el('span');
  private status = el('div', { class: 'gofive-said', role: 'status' });
  private progress = el('progress', { max: 1, 'aria-label': 'Progress' });
  private question = new Question();
  private latest = new Latest(e => this.fail(e));
  private exports = new Latest(e => this.fail(e));
  private follow: Follow;
  private off: (() => void)[] = [];

  /** seen is where to begin; noted is called when something else is seen than before. */
  constructor(private node: HTMLElement, private client: Client, private host: Host, private target: { file: string; path: string }, private seen: Seen | null = null, private noted: (seen: Seen) => void = () => undefined) {
    this.follow = new Follow(client, () => this.reload());
    this.build();
    this.off.push(onTheme(() => this.view?.redraw?.()), client.on('close', e => this.fail(new Error(e.reason))), client.on('engine', () => this.lost()));
    void this.latest.run(signal => this.load(signal));
  }

  dispose(): void {
    this.off.forEach(f => f());
    this.latest.cancel();
    this.exports.cancel();
    this.follow.dispose();
    this.view?.dispose();
    fill(this.node);
    this.node.classList.remove('gofive', 'gofive-viewer');
  }

  say(text: string, share?: number): void {
    fill(this.status, text);
    shown(this.progress, share !== undefined);
    if (share !== undefined) {
      this.progress.value = share;
    }
    this.note();
  }

  // Views say what they show whenever that has changed.
  private note(): void {
    if (this.kind && this.view) {
      this.seen = { kind: this.kind.name, slicer: this.slicer.chosen, part: this.view.part?.() };
      this.noted(this.seen);
    }
  }

  fail(e: unknown): void {
    this.say('');
    fill(this.status, el('span', { class: 'gofive-bad' }, troubleText(e)));
  }

  ask(text: string): Promise<boolean> {
    return this.question.ask(text);
  }

  private build(): void {
    const { file, path } = this.target;
    const { host } = this;
    const follow = iconButton('follow', 'Follow as it is written', () => this.toggleFollow(follow));
    set(follow, 'aria-pressed', 'false');
    const save = choice('Export', [['', 'Export'], ['csv', 'CSV'], ['npy', 'NPY'], ['png', 'PNG']], '', form => {
      save.value = '';
      void this.exports.run(signal => this.export(form, signal));
    });
    const title = el('h2', { class: 'gofive-heading gofive-title' }, el('span', { class: 'gofive-path', title: path }, path));
    const bar = el('div', { class: 'gofive-bar', role: 'toolbar', 'aria-label': 'Viewer' }, title,
      iconButton('copy', 'Copy the path', () => this.host.copy(path)),
      iconButton('code', 'Insert a cell of Go that shows this', () => void this.exports.run(() => this.insert())),
      iconButton('refresh', 'Refresh', () => this.reload()), follow, this.raw, save,
      host.openH5Web && textButton('H5Web', 'Open in H5Web', () => host.openH5Web!(file, path)));
    shown(this.progress, false);
    this.node.classList.add('gofive', 'gofive-viewer');
    const foot = el('div', { class: 'gofive-foot' }, this.progress, this.status);
    fill(this.node, bar, this.tabs, this.question.node, this.slices, this.body, foot);
    this.tabs.addEventListener('keydown', e => this.key(e));
  }

  private async load(signal: AbortSignal): Promise<void> {
    const stat = (await this.client.request('stat', this.target, { signal })) as unknown as Stat;
    if (this.view && built(stat) === built(this.source.stat)) {
      this.source.stat = stat;
      this.slicer.resize(stat.shape || []);
      this.view.renew();
    } else {
      this.begin(stat);
    }
  }

  private begin(stat: Stat): void {
    this.note();
    this.source = new Source(this.client, this.target.file, this.target.path, stat);
    const seen = this.seen;
    const slicer = new Slicer(stat.shape || [], stat.dims || [], () => this.view?.update());
    this.slicer = slicer;
    seen && slicer.choose(seen.slicer);
    fill(this.slices, slicer.node);
    fill(this.raw, hasMeaning(stat) && tick('raw', 'Numbers as they are stored, without scale_factor, add_offset and fill values', false, on => {
      this.source.raw = on;
      this.view?.update();
    }));
    const kinds = kindsOf(stat);
    fill(this.tabs, ...kinds.map(k => this.tab(k)));
    const kind = kinds.find(k => k.name === seen?.kind);
    this.choose(kind || kinds[0], kind && seen?.part);
  }

  private tab(k: Kind): HTMLElement {
    return el('button', { class: 'gofive-button gofive-tab', type: 'button', role: 'tab', 'data-kind': k.name, on: { click: () => this.choose(k) } }, k.name);
  }

  private choose(k: Kind, part?: any): void {
    this.kind = k;
    for (const t of this.tabs.children) {
      const chosen = t.getAttribute('data-kind') === k.name;
      set(t, 'aria-selected', String(chosen));
      set(t, 'tabindex', chosen ? 0 : -1);
    }
    this.view?.dispose();
    this.view = null;
    this.slicer.show(k.axes, !!k.many, !k.fixed);
    shown(this.slices, k.axes > 0);
    this.say('');
    this.view = k.make(this);
    set(this.body, 'aria-label', k.name);
    fill(this.body, this.view.node);
    if (part && this.view.resume) {
      this.view.resume(part);
    } else {
      this.view.update();
    }
  }

  private key(e: KeyboardEvent): void {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[e.key];
    const tabs = [...this.tabs.children] as HTMLElement[];
    const at = tabs.indexOf(document.activeElement as HTMLElement);
    if (step && at >= 0) {
      const to = tabs[(at + step + tabs.length) % tabs.length];
      e.preventDefault();
      e.stopPropagation();
      to.click();
      to.focus();
    }
  }

  private reload(): void {
    void this.latest.run(signal => this.load(signal));
  }

  private lost(): void {
    this.view?.dispose();
    this.view = null; // the next load makes another
    fill(this.body, troubleLine(new Error('The engine has restarted: open the file in a cell again, and this from the panel.')));
  }

  private toggleFollow(button: HTMLElement): void {
    const on = button.getAttribute('aria-pressed') !== 'true';
    set(button, 'aria-pressed', String(on));
    if (on) {
      this.follow.start(this.target.file, this.target.path).catch(e => this.fail(e));
    } else {
      this.follow.stop();
    }
  }

  private async insert(): Promise<void> {
    const s = this.view?.shown();
    const code = s ? await this.source.code(s) : (this.source.stat.code || []).join('\n');
    this.host.insertCode(code);
  }

  private async export(form: string, signal: AbortSignal): Promise<void> {
    const name = baseName(this.target.path).replace(/[^\w.-]+/g, '_') || 'data';
    if (form === 'png') {
      await this.exportPicture(name);
      return;
    }
    const what = this.view?.shown() || { sel: '', field: '', show: 'table' as const };
    this.say('Reading …');
    const data = form === 'npy' ? await asNPY(this, what, signal) : await asCSV(this, what, signal);
    if (data !== null) {
      this.host.save(`${name}.${form}`, form === 'npy' ? 'application/octet-stream' : 'text/csv', typeof data === 'string' ? data : new Blob(data));
    }
    this.say('');
  }

  private async exportPicture(name: string): Promise<void> {
    const canvas = this.view?.canvas?.();
    if (!canvas) {
      throw new Error('there is no picture of this view; take CSV or NPY');
    }
    const png = await new Promise<Blob | null>(resolve => canvas.toBlob(resolve, 'image/png'));
    this.host.save(name + '.png', 'image/png', png!);
  }
}

// What the views and controls of an object are made for. As long as it is the same they stay while the object grows:
// they hold the keyboard's place, what is being typed, and a button that is down.
function built(s: Stat): string {
  const axes = s.dims?.map(d => [d.label, d.scales]);
  return JSON.stringify([kindsOf(s).map(k => k.name), s.type, s.shape?.length, axes, hasMeaning(s)]);
}
