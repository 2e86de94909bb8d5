import { keep } from './dom';
import { Client, ProtocolError } from './protocol';

/** How often a cluster that is looked at is asked for its state, in ms. */
const EVERY = 2000;

/** At most so many ranks are listed one by one. */
const LISTED = 256;

/**
 * Shows the clusters that the kernel knows: where each rank is, what it does, how much memory it has;
 * starts, interrupts, restarts and stops them. It asks only while it can be seen.
 */
export class ClusterPanel {
  private alive = true;
  private busy = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private failed = false; // what is said is why the last look failed
  private chosen = '';
  private readonly choices = new Map<string, HTMLButtonElement>(); // by cluster: a button stays while its words change
  private readonly said: HTMLElement;
  private readonly list: HTMLElement;
  private readonly state: HTMLElement;
  private readonly starter: HTMLElement;

  constructor(private readonly node: HTMLElement, private readonly client: Client) {
    node.classList.add('gofive-cluster');
    this.said = element('div', 'gofive-cluster-said');
    this.said.setAttribute('role', 'status');
    this.list = element('div', 'gofive-cluster-list');
    this.state = element('div', 'gofive-cluster-state');
    this.starter = this.startForm();
    node.append(this.said, this.list, this.state, this.starter);
    this.look();
  }

  dispose(): void {
    this.alive = false;
    clearTimeout(this.timer);
    this.node.replaceChildren();
  }

  /** Asks now; does nothing while the panel is hidden or another look is under way. */
  async look(): Promise<void> {
    clearTimeout(this.timer);
    if (!this.alive) {
      return;
    }
    if (!this.busy && this.node.offsetParent !== null) {
      this.busy = true;
      await this.ask().catch(e => {
        this.tell(e);
        this.failed = true;
      });
      this.busy = false;
    }
    if (this.alive) {
      this.timer = setTimeout(() => this.look(), EVERY);
    }
  }

  private async ask(): Promise<void> {
    const { clusters, engine } = await this.client.request('clusters');
    const known: any[] = clusters || [];
    if (!known.some(c => c.cluster === this.chosen)) {
      // Of a cluster of another notebook this kernel tells nothing.
      this.chosen = (known.find(c => c.current) || known.find(c => c.mine) || {}).cluster || '';
    }
    const state = this.chosen ? await this.client.request('cluster', { cluster: this.chosen }) : null;
    if (this.alive) {
      this.show(known, state, state?.engine || engine);
      this.failed && this.say('');
    }
  }

  private show(known: any[], state: any, engine: any): void {
    keep(this.list, ...known.map(c => this.choice(c)));
    const parts = state ? [this.buttons(state), summary(state), places(state), members(state)] : [];
    keep(this.state, engineLine(engine), ...parts);
    this.starter.hidden = known.some(c => c.current);
  }

  private choice(c: any): HTMLElement {
    const b = this.choices.get(c.cluster) || button('', () => {
      this.chosen = c.cluster;
      this.look();
    });
    this.choices.set(c.cluster, b);
    b.textContent = `${c.cluster}: ${c.ranks} ranks, ${c.state}`;
    b.setAttribute('data-key', 'choice ' + c.cluster);
    b.setAttribute('aria-pressed', String(c.cluster === this.chosen));
    return b;
  }

  private buttons(state: any): HTMLElement {
    const row = element('div', 'gofive-cluster-buttons');
    for (const [op, label] of [['interrupt', 'Interrupt'], ['restart', 'Restart'], ['stop', 'Stop']]) {
      const b = button(label, () => this.act(op, { cluster: state.cluster }, label));
      b.setAttribute('data-key', op + ' ' + state.cluster);
      row.append(b);
    }
    return row;
  }

  private startForm(): HTMLElement {
    const form = document.createElement('form');
    form.className = 'gofive-cluster-start';
    const ranks = document.createElement('input');
    ranks.type = 'number';
    ranks.min = '1';
    ranks.value = '4';
    const label = element('label', '', 'Ranks ');
    label.append(ranks);
    const go = element('button', 'gofive-button', 'Start a cluster') as HTMLButtonElement;
    go.type = 'submit';
    form.append(label, go);
    form.addEventListener('submit', e => {
      e.preventDefault();
      this.act('start', { ranks: Number(ranks.value), launcher: 'auto', nodes: 0 }, 'Start');
    });
    return form;
  }

  private async act(op: string, args: object, label: string): Promise<void> {
    this.say(label + ' ...');
    try {
      await this.client.request(op, args);
      this.say('');
    } catch (e) {
      this.tell(e);
    }
    this.look();
  }

  private say(text: string): void {
    this.failed = false;
    this.said.textContent = text;
    this.said.classList.remove('gofive-side-error');
  }

  private tell(e: unknown): void {
    if (this.alive) {
      const hint = e instanceof ProtocolError && e.hint ? '; ' + e.hint : '';
      this.say((e instanceof Error ? e.message : String(e)) + hint);
      this.said.classList.add('gofive-side-error');
    }
  }
}

function element(tag: string, cls: string, text = ''): HTMLElement {
  const e = document.createElement(tag);
  e.className = cls;
  e.textContent = text;
  return e;
}

function button(text: string, run: () => void): HTMLButtonElement {
  const b = element('button', 'gofive-button', text) as HTMLButtonElement;
  b.type = 'button';
  b.addEventListener('click', run);
  return b;
}

function engineLine(engine: any): HTMLElement {
  const text = engine ? `Engine of this notebook: ${engine.state}${memory(engine.rss)}` : '';
  return element('div', 'gofive-cluster-engine', text);
}

function summary(state: any): HTMLElement {
  const job = state.job ? `, job ${state.job}` : '';
  return element('div', '', `${state.ranks} ranks on ${state.nodes} ${state.nodes === 1 ? 'node' : 'nodes'}, ${state.launcher}${job}: ${state.state}`);
}

/** Says where the ranks are, those in one place together. */
function places(state: any): HTMLElement {
  const list = element('ul', 'gofive-cluster-places');
  for (const p of state.places || []) {
    const since = p.seconds ? `, ${p.seconds.toFixed(1)} s` : '';
    list.append(element('li', `gofive-rank-${p.state}`, `ranks ${p.ranks}: ${p.state}${p.text ? ' in ' + p.text : ''}${since}`));
  }
  return list;
}

function members(state: any): HTMLElement {
  const all: any[] = state.members || [];
  const table = element('table', 'gofive-cluster-members');
  const head = table.appendChild(element('thead', '')).appendChild(element('tr', ''));
  head.append(...['rank', 'host', 'pid', 'memory'].map(t => element('th', '', t)));
  const body = table.appendChild(element('tbody', ''));
  for (const m of all.slice(0, LISTED)) {
    const row = body.appendChild(element('tr', ''));
    row.append(...[m.rank, m.host, m.pid, size(m.rss)].map(t => element('td', '', t === undefined ? '' : String(t))));
  }
  if (all.length > LISTED) {
    body.appendChild(element('tr', '')).append(element('td', '', `... ${all.length - LISTED} more`));
  }
  return table;
}

function memory(bytes: number | undefined): string {
  return bytes ? ', ' + size(bytes) : '';
}

function size(bytes: number | undefined): string {
  return bytes === undefined ? '' : `${(bytes / (1 << 20)).toFixed(0)} MiB`;
}
