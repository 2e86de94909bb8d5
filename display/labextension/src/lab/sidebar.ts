import { JupyterFrontEnd } from '@jupyterlab/application';
import { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { Widget } from '@lumino/widgets';
import { copy, save } from '../shell/browser';
import { Session } from '../shell/session';
import { Follow } from './follow';
import { insertCode } from './insert';
import { Viewers } from './viewers';

/** The side panel "HDF5". It shows the notebook that is in front, and is there while one has our kernel. */
export class Sidebar {
  private readonly widget = new Widget();
  private added = false; // a panel that is not seen is not attached, so the widget cannot tell
  private readonly note = document.createElement('p');
  private readonly pages = new Map<NotebookPanel, { session: Session; node: HTMLElement }>();

  constructor(private readonly app: JupyterFrontEnd, private readonly tracker: INotebookTracker, private readonly viewers: Viewers) {
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
        this.viewers.show(page.session, panel.id, file, path);
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
      openViewer: (file, path) => this.viewers.show(session, panel.id, file, path),
      insertCode: code => insertCode(panel, code),
      copy,
      save
    });
    this.pages.set(panel, { session, node });
    panel.disposed.connect(() => this.remove(panel));
    new Follow(panel, session, () => this.show());
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
    let ours = false;
    this.pages.forEach((page, panel) => {
      page.node.hidden = panel !== current || !page.session.connected;
      ours = ours || page.session.connected;
    });
    this.note.hidden = !current || this.pages.get(current)?.session.connected === true;
    if (ours && !this.added) {
      this.added = true;
      this.app.shell.add(this.widget, 'left', { rank: 600 });
    } else if (this.pages.size === 0 && this.added) {
      this.added = false;
      this.widget.parent = null;
    }
  }
}
