// The three front ends, driven alike. What a person does with the panel and the viewers goes by mouse and
// keys; what only brings the notebook there goes by the front end's own functions.
import { TOKEN } from './servers.mjs';
import { until } from './until.mjs';

/** What the stories do with a front end. */
class Front {
  constructor(page, url) {
    this.page = page;
    this.url = url;
    this.panel = page.locator('#gofive-hdf5');
  }

  /** The viewer that is seen. */
  get viewer() {
    return this.page.locator('.gofive-viewer-widget:visible').last();
  }

  /** Puts code into a new cell at the end, runs it and waits for its end. Returns the text of its outputs. */
  async run(code) {
    await this.begin(code);
    return this.finish();
  }

  /** Whether the cell that was begun has not ended. */
  runs() {
    return this.page.evaluate(() => Promise.race([window.running.then(() => false), new Promise(done => setTimeout(() => done(true)))]));
  }
}

class JupyterLab extends Front {
  name = 'lab';
  themes = true;
  viewers = '#jp-main-dock-panel';
  restores = true;

  address(notebook) {
    return `${this.url}/lab/tree/${notebook}?token=${TOKEN}&reset`;
  }

  async open(notebook) {
    await this.page.goto(this.address(notebook));
    await this.ready();
  }

  async reload() {
    await this.page.reload();
    await this.ready();
  }

  async ready() {
    await this.page.waitForSelector('.jp-NotebookPanel .jp-Cell', { timeout: 60000 });
    await this.page.waitForFunction(() => {
      window.nb = () => [...window.jupyterapp.shell.widgets('main')].find(w => w.content?.activeCell !== undefined && w.sessionContext);
      return window.nb()?.sessionContext.session?.kernel?.status === 'idle';
    }, null, { timeout: 60000 });
  }

  /** What Lab has written down of what is open. */
  async workspace() {
    const answer = await fetch(`${this.url}/lab/api/workspaces/default?token=${TOKEN}`);
    return (await answer.json()).data;
  }

  /** What opens and closes the panel. */
  get tab() {
    return this.page.locator('.jp-SideBar li[data-id="gofive-hdf5"]');
  }

  async openPanel() {
    await this.tab.click({ timeout: 15000 });
    await this.panel.waitFor();
  }

  /** Brings a viewer to the front. */
  async show(name) {
    await this.page.locator('.lm-DockPanel-tabBar .lm-TabBar-tab', { has: this.page.getByText(name, { exact: true }) }).click();
  }

  /** Closes a viewer by its tab. */
  async close(name) {
    await this.page.locator('.lm-TabBar-tab', { has: this.page.getByText(name, { exact: true }) }).locator('.lm-TabBar-tabCloseIcon').click();
  }

  /** Whether the panel can be opened. */
  offered() {
    return this.page.evaluate(() => [...window.jupyterapp.shell.widgets('left')].some(w => w.id === 'gofive-hdf5'));
  }

  changeKernel(name) {
    return this.page.evaluate(name => window.nb().sessionContext.changeKernel({ name }).then(kernel => kernel.info).then(() => undefined), name);
  }

  trusted() {
    return this.page.evaluate(() => [...window.nb().content.model.cells].every(c => c.type !== 'code' || c.trusted));
  }

  /** What the cell of that number shows. */
  output(i) {
    return this.page.locator('.jp-NotebookPanel:not(.lm-mod-hidden) .jp-Cell').nth(i).locator('.jp-OutputArea');
  }

  begin(code) {
    return this.page.evaluate(async code => {
      const panel = window.nb();
      const app = window.jupyterapp;
      app.shell.activateById(panel.id);
      panel.content.activeCellIndex = panel.content.widgets.length - 1;
      await app.commands.execute('notebook:insert-cell-below');
      panel.content.activeCell.model.sharedModel.setSource(code);
      window.running = app.commands.execute('notebook:run-cell').then(() => panel.content.activeCell.model);
    }, code);
  }

  finish() {
    return this.page.evaluate(async () => JSON.stringify((await window.running).outputs.toJSON()));
  }

  /** How many cells there are. */
  cells() {
    return this.page.evaluate(() => window.nb().content.widgets.length);
  }

  /** The code of the active cell. */
  code() {
    return this.page.evaluate(() => window.nb().content.activeCell.model.sharedModel.getSource());
  }

  /** Runs the active cell as it is. */
  runActive() {
    return this.page.evaluate(async () => {
      const cell = window.nb().content.activeCell;
      await window.jupyterapp.commands.execute('notebook:run-cell');
      return JSON.stringify(cell.model.outputs.toJSON());
    });
  }

  restart() {
    return this.page.evaluate(() => window.nb().sessionContext.restartKernel());
  }

  /** Changes the theme and waits until its style sheet is there. */
  async theme(name) {
    await this.page.evaluate(name => window.jupyterapp.commands.execute('apputils:change-theme', { theme: name }), name);
    await this.page.waitForFunction(name => document.body.dataset.jpThemeName === name, name);
  }

  /** The kind of highlighting that the letters of a line of the active cell have, by their text. */
  tokens(line) {
    return this.page.evaluate(line => {
      const at = window.nb().content.activeCell.node.querySelectorAll('.cm-line')[line];
      return [...at.querySelectorAll('span')].map(s => [s.textContent, s.className]);
    }, line);
  }

  save() {
    return this.page.evaluate(() => window.nb().context.save());
  }
}

// Notebook 7 is JupyterLab with one notebook in its main area: nothing can stand beside it, so viewers are below, and
// the panel has no tab to be opened by, only an entry of a menu.
class Notebook7 extends JupyterLab {
  name = 'notebook7';
  viewers = '#jp-down-stack';
  restores = false;

  address(notebook) {
    return `${this.url}/notebooks/${notebook}?token=${TOKEN}`;
  }

  async openPanel() {
    await until(() => this.offered(), 'the entry of the panel'); // an open menu does not change
    await this.page.locator('.lm-MenuBar-itemLabel', { hasText: 'View' }).click();
    await this.page.locator('.lm-Menu-itemLabel', { hasText: 'Left Sidebar' }).hover();
    await this.page.locator('.lm-Menu-itemLabel', { hasText: 'Show HDF5' }).click({ timeout: 15000 });
    await this.panel.waitFor();
  }
}

class Notebook6 extends Front {
  name = 'notebook6';
  themes = false;
  viewers = '.gofive-dock';
  restores = false;

  async open(notebook) {
    await this.page.goto(`${this.url}/notebooks/${notebook}?token=${TOKEN}`);
    await this.ready();
  }

  async reload() {
    await this.page.reload();
    await this.ready();
  }

  async ready() {
    await this.page.waitForFunction(() => window.Jupyter?.notebook?.kernel?.info_reply?.implementation && Jupyter.notebook.kernel.is_connected(), null, { timeout: 60000 });
  }

  async openPanel() {
    await this.page.locator('#maintoolbar button', { hasText: 'HDF5' }).click({ timeout: 15000 });
    await this.panel.waitFor();
  }

  offered() {
    return this.page.locator('#maintoolbar button', { hasText: 'HDF5' }).isVisible();
  }

  changeKernel(name) {
    return this.page.evaluate(name => new Promise(done => {
      Jupyter.notebook.events.one('kernel_ready.Kernel', () => done());
      Jupyter.kernelselector.set_kernel(name);
    }), name);
  }

  trusted() {
    return this.page.evaluate(() => Jupyter.notebook.trusted);
  }

  output(i) {
    return this.page.locator('.cell').nth(i).locator('.output_area');
  }

  begin(code) {
    return this.page.evaluate(code => {
      const nb = Jupyter.notebook;
      const cell = nb.insert_cell_at_bottom('code');
      cell.set_text(code);
      nb.select(nb.find_cell_index(cell));
      window.running = new Promise(done => cell.events.on('finished_execute.CodeCell', (_, e) => e.cell === cell && done(cell)));
      cell.execute();
    }, code);
  }

  finish() {
    return this.page.evaluate(async () => JSON.stringify((await window.running).output_area.toJSON()));
  }

  cells() {
    return this.page.evaluate(() => Jupyter.notebook.ncells());
  }

  code() {
    return this.page.evaluate(() => Jupyter.notebook.get_selected_cell().get_text());
  }

  async runActive() {
    await this.page.evaluate(() => {
      const cell = Jupyter.notebook.get_selected_cell();
      window.running = new Promise(done => cell.events.on('finished_execute.CodeCell', (_, e) => e.cell === cell && done(cell)));
      cell.execute();
    });
    return this.finish();
  }

  async restart() {
    await this.page.evaluate(() => new Promise(done => {
      Jupyter.notebook.events.one('kernel_ready.Kernel', done);
      Jupyter.notebook.kernel.restart();
    }));
  }

  tokens(line) {
    return this.page.evaluate(line => {
      const cm = Jupyter.notebook.get_selected_cell().code_mirror;
      return cm.getLineTokens(line).map(t => [t.string, t.type || '']);
    }, line);
  }

  save() {
    return this.page.evaluate(() => Jupyter.notebook.save_notebook());
  }
}

export const FRONTS = { lab: JupyterLab, notebook7: Notebook7, notebook6: Notebook6 };
