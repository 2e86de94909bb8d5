import { ILabShell, ILayoutRestorer, JupyterFrontEnd } from '@jupyterlab/application';
import { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { Widget } from '@lumino/widgets';
import { copy, save } from '../shell/browser';
import { Session } from '../shell/session';
import { Follow } from './follow';
import { insertCode } from './insert';
import { Viewers } from './viewers';

interface Page {
  session: Session;
  node: HTMLElement;
  foreign: boolean; // its kernel is not ours; while none has answered nobody knows
}

/** The side panel "HDF5". It shows the notebook that is in front, and is there while one may have our kernel. */
export class Sidebar {
  private readonly widget = new Widget();
  private added = false; // a panel that is not seen is not attached, so the widget cannot tell
  private wasOpen = false; // before the page was loaded anew
  private readonly note = document.createElement('p');
  private readonly pages = new Map<NotebookPanel, Page>();

  constructor(private readonly app: JupyterFrontEnd, private readonly tracker: INotebookTracker, private readonly viewers: Viewers, private readonly lab: ILabShell | null, restorer: ILayoutRestorer | null) {
    this.widget.id = 'gofive-hdf5';
    this.widget.addClass('gofive-sidebar');
    this.widget.title.label = 'HDF5';
    this.widget.title.caption = 'HDF5';
    this.note.className = 'gofive-sidebar-note';
    this.note.textContent = 'The kernel of this notebook is not gofive.';
    this.widget.node.append(this.note);
    tracker.widgetAdded.connect((_, panel) => this.add(panel));
    tracker.forEach(panel => this.add(panel));
    tracker.currentChanged.connect(() => this.show());
    this.show();
    restorer?.add(this.widget, this.widget.id);
    void lab?.restored.then(({ leftArea }) => {
      this.wasOpen = !!leftArea && !leftArea.collapsed && leftArea.currentWidget === this.widget;
      this.reopen();
    });
  }

  /** The session of the notebook in whose page node is. */
  sessionOf(node: Node): Session | null {
    for (const [panel, page] of this.pages) {
      if (panel.node.contains(node)) {
        return page.session;
      }
    }
    return null;
  }

  /** Opens a viewer for what the notebook in whose page node is shows. */
  openFrom(node: Node, file: string, path: string): void {
    for (const [panel, page] of this.pages) {
      if (panel.node.contains(node)) {
        this.viewers.show(page.session, panel, file, path);
      }
    }
  }

  /** Puts a cell into the notebook in whose page node is. */
  insertFrom(node: Node, code: string): void {
    const panel = this.tracker.find(p => p.node.contains(node));
    if (panel) {
      insertCode(panel, code);
    }
  }

  private add(panel: NotebookPanel): void {
    const node = document.createElement('div');
    node.className = 'gofive-sidebar-page';
    this.widget.node.append(node);
    const session = new Session(node, {
      openViewer: (file, path) => this.viewers.show(session, panel, file, path),
      openH5Web: (file, path) => this.viewers.showH5Web(session, panel, file, path),
      insertCode: code => insertCode(panel, code),
      copy,
      save
    });
    const page = { session, node, foreign: false };
    this.pages.set(panel, page);
    panel.disposed.connect(() => this.remove(panel));
    new Follow(panel, session, foreign => {
      page.foreign = foreign;
      this.show();
      this.viewers.meet(session, panel);
    });
    this.show();
  }

  private remove(panel: NotebookPanel): void {
    const page = this.pages.get(panel);
    this.pages.delete(panel);
    page?.session.dispose();
    page?.node.remove();
    this.show();
  }

  private show(): void {
    const current = this.tracker.currentWidget;
    this.pages.forEach((page, panel) => (page.node.hidden = panel !== current || !page.session.connected));
    this.note.hidden = !current || this.pages.get(current)?.session.connected === true;
    const pages = [...this.pages.values()];
    if (!this.added && pages.some(page => page.session.connected)) {
      this.added = true;
      this.app.shell.add(this.widget, 'left', { rank: 600 });
      this.reopen();
    } else if (this.added && pages.every(page => page.foreign)) {
      this.added = false;
      this.close();
      this.widget.parent = null;
    }
  }

  // Lab opens the panels that were open before kernels have answered, when this one is not there yet. Who has opened
  // another meanwhile keeps that.
  private reopen(): void {
    if (this.added && this.wasOpen) {
      this.wasOpen = false;
      this.lab!.leftCollapsed && this.lab!.activateById(this.widget.id);
    }
  }

  // Notebook 7 takes a panel that goes while it is open for open ever after: its menu then closes it first.
  private close(): void {
    if (!this.lab && this.widget.isVisible) {
      (this.app.shell as unknown as { collapseLeft(): void }).collapseLeft();
    }
  }
}
