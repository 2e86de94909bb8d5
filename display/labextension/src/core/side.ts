import { ClusterPanel } from './cluster';
import { Host } from './host';
import { Panel } from './panel';
import { Client } from './protocol';

/** The side panel of one kernel: a tab for files, and one for clusters where the kernel has them. */
export class Side {
  private readonly files: Panel;
  private cluster: ClusterPanel | undefined;
  private alive = true;
  private readonly tabs: HTMLElement;
  private readonly pages: HTMLElement[] = []; // that of each tab; the document may not have them yet

  constructor(private readonly node: HTMLElement, private readonly client: Client, host: Host) {
    node.classList.add('gofive-side');
    this.tabs = document.createElement('div');
    this.tabs.className = 'gofive-side-tabs';
    this.tabs.setAttribute('role', 'tablist');
    this.tabs.setAttribute('aria-label', 'Parts of the panel');
    this.tabs.hidden = true;
    node.append(this.tabs);
    this.files = new Panel(this.page('Files'), client, host);
    client.hello.then(hello => this.greet(hello.ops || []), () => undefined); // the panel tells of a refusal
  }

  dispose(): void {
    this.alive = false;
    this.files.dispose();
    this.cluster?.dispose();
    this.node.replaceChildren();
  }

  private greet(ops: string[]): void {
    if (this.alive && ops.includes('clusters')) {
      this.cluster = new ClusterPanel(this.page('Cluster'), this.client);
      this.tabs.hidden = false;
      this.choose(0);
    }
  }

  private page(name: string): HTMLElement {
    const at = this.tabs.childElementCount;
    const id = `gofive-side-${++made}`;
    const page = document.createElement('div');
    page.id = id;
    page.className = 'gofive-side-page';
    page.setAttribute('role', 'tabpanel');
    page.setAttribute('aria-label', name);
    const tab = document.createElement('button');
    tab.type = 'button';
    tab.textContent = name;
    tab.setAttribute('role', 'tab');
    tab.setAttribute('aria-controls', id);
    tab.addEventListener('click', () => this.choose(at));
    tab.addEventListener('keydown', e => this.move(e, at));
    this.tabs.append(tab);
    this.pages.push(page);
    this.node.append(page);
    return page;
  }

  private move(e: KeyboardEvent, at: number): void {
    const step = e.key === 'ArrowRight' ? 1 : e.key === 'ArrowLeft' ? -1 : 0;
    if (step) {
      e.preventDefault();
      e.stopPropagation();
      const count = this.tabs.childElementCount;
      const next = (at + step + count) % count;
      this.choose(next);
      (this.tabs.children[next] as HTMLElement).focus();
    }
  }

  private choose(chosen: number): void {
    [...this.tabs.children].forEach((tab, i) => {
      tab.setAttribute('aria-selected', String(i === chosen));
      (tab as HTMLElement).tabIndex = i === chosen ? 0 : -1;
      this.pages[i].hidden = i !== chosen;
    });
    if (chosen > 0) {
      this.cluster?.look();
    }
  }
}

// Pages of several panels stand in one document, each with an id of its own.
let made = 0;
