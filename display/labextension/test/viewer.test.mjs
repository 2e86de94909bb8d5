import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import { connected, core, press, until } from './core.mjs';
import { stacked } from './fake.mjs';

const { Viewer, Client } = await core('viewer', 'protocol');
after(() => window.close());

function open(path, file = 'f1', options, seen) {
  const p = connected(Client, options);
  p.viewer = new Viewer(p.node, p.client, p.host, { file, path }, seen, now => (p.seen = JSON.parse(JSON.stringify(now))));
  p.said = () => p.node.querySelector('.gofive-said').textContent;
  p.tabs = () => [...p.node.querySelectorAll('[role=tab]')].map(t => t.textContent);
  p.asked = op => p.kernel.asked.filter(m => m.op === op);
  return p;
}

function pick(node, label, value) {
  const select = node.querySelector(`select[aria-label="${label}"]`);
  select.value = value;
  select.dispatchEvent(new Event('change'));
}

const choose = (node, name) => [...node.querySelectorAll('[role=tab]')].find(t => t.textContent === name).click();

test('each kind of object has the views that fit it', async () => {
  const wants = {
    '/signal': ['Line', 'Table', 'About'], '/lines': ['Heat map', 'Line', 'Table', 'About'], '/big': ['Table', 'Line', 'About'], '/title': ['Value', 'About'],
    '/labels': ['Table', 'About'], '/wave': ['Line', 'Table', 'About'], '/detector': ['About'], '/detector/photo': ['Picture', 'Heat map', 'Line', 'Table', 'About'],
  };
  for (const [path, want] of Object.entries(wants)) {
    const v = open(path);
    await until(() => v.tabs().length);
    assert.deepEqual(v.tabs(), want, path);
    v.viewer.dispose();
    assert.equal(v.node.childElementCount, 0);
  }
});

test('a long line is asked for decimated, and again where it is zoomed', async () => {
  const v = open('/signal');
  await until(() => /100,000,000 values, least and greatest/.test(v.said()));
  assert.deepEqual(v.asked('decimate').map(m => [m.sel, m.method]), [[':', 'minmax']]);
  assert.ok(v.asked('decimate')[0].width <= 8192);
  assert.equal(v.asked('slice').length, 0);
  press(v.node.querySelector('.gofive-plot'), '+');
  await until(() => v.asked('decimate').length === 2);
  assert.match(v.asked('decimate')[1].sel, /^2[45]\d{6}:7[45]\d{6}$/);
  press(v.node.querySelector('.gofive-plot'), '0');
  await until(() => v.asked('decimate').length === 3);
  assert.equal(v.asked('decimate')[2].sel, ':');
});

test('a viewer begins with what another has shown', async () => {
  const before = open('/lines');
  await until(() => before.tabs().length);
  choose(before.node, 'Line');
  const box = await until(() => before.node.querySelector('.gofive-place'));
  box.value = '0, 2';
  box.dispatchEvent(new Event('change'));
  const log = [...before.node.querySelectorAll('.gofive-tick')].find(t => t.textContent === 'log y').querySelector('input');
  log.click();
  await until(() => before.seen?.part.choice.logY && before.seen.slicer.places[0] === '0, 2');
  press(before.node.querySelector('.gofive-plot'), '+');
  await until(() => before.seen.part.range);

  const after = open('/lines', 'f1', undefined, before.seen);
  await until(() => after.asked('decimate').length >= 2);
  assert.deepEqual(after.asked('decimate').slice(0, 2).map(m => m.sel), before.asked('decimate').slice(-2).map(m => m.sel));
  assert.equal(after.node.querySelector('.gofive-tab[aria-selected=true]').textContent, 'Line');
  assert.equal(after.node.querySelector('.gofive-place').value, '0, 2');
  assert.ok([...after.node.querySelectorAll('.gofive-tick')].find(t => t.textContent === 'log y').querySelector('input').checked);
});

test('what was seen of another shape is left where it does not fit', async () => {
  const v = open('/signal', 'f1', undefined, { kind: 'Line', slicer: { free: [4], places: ['1', '2'] }, part: { range: [9e8, 9.1e8], places: { start: 9e8, stop: 9.1e8 }, choice: {} } });
  await until(() => /100,000,000 values/.test(v.said()));
  assert.deepEqual(v.asked('decimate').map(m => m.sel), [':']);
});

test('several places of an axis are several lines', async () => {
  const v = open('/lines');
  await until(() => v.tabs().length);
  choose(v.node, 'Line');
  const box = await until(() => v.node.querySelector('.gofive-place'));
  await until(() => /2,000 values/.test(v.said()));
  box.value = '0, 2, 4';
  box.dispatchEvent(new Event('change'));
  await until(() => v.asked('decimate').length === 5);
  assert.deepEqual(v.asked('decimate').slice(-3).map(m => m.sel), ['0, :', '2, :', '4, :']);
  assert.deepEqual(v.asked('decimate')[4].x, { path: '/time' }, 'the dimension scale is X');
  box.value = '9';
  box.dispatchEvent(new Event('change'));
  assert.match(v.node.querySelector('.gofive-slicer .gofive-bad').textContent, /9 is outside: the places are 0 to 5/);
});

test('columns that go to and fro are drawn as points', async () => {
  const v = open('/big');
  await until(() => v.tabs().length);
  choose(v.node, 'Line');
  const x = await until(() => v.node.querySelector('.gofive-pair select'));
  await until(() => /1,000,000,000 values/.test(v.said()));
  x.value = '.px';
  x.dispatchEvent(new Event('change'));
  await until(() => /20,000 points, each 50,000th of 1,000,000,000/.test(v.said()));
});

test('the last of 10^9 rows is reached and read alone', async () => {
  const v = open('/big');
  await until(() => v.node.querySelector('.gofive-cell')?.textContent === '0');
  const grid = v.node.querySelector('[role=grid]');
  press(grid, 'End', { ctrlKey: true });
  await until(() => [...v.node.querySelectorAll('.gofive-rowhead')].some(h => h.textContent === '999,999,999'));
  await until(() => v.node.textContent.includes('999999999'));
  assert.ok(v.asked('table').every(m => Number(m.rows.split(':')[1]) - Number(m.rows.split(':')[0]) === 200));
  assert.ok(v.asked('table').length < 8);
  assert.equal(grid.getAttribute('aria-rowcount'), '1000000001');
  assert.ok(v.node.querySelectorAll('.gofive-line').length < 30);
});

test('64-bit integers are exact, enums have names, strings are text', async () => {
  const v = open('/big');
  v.kernel.files.f1.root.members.find(([n]) => n === 'big')[1].columns.id = ['<i8', i => 9007199254740993n + BigInt(i)];
  await until(() => v.node.textContent.includes('9007199254740993'));
  const state = open('/state');
  await until(() => state.tabs().length);
  choose(state.node, 'Table');
  await until(() => state.node.querySelector('.gofive-cell')?.textContent === 'OFF');
  const labels = open('/labels');
  await until(() => [...labels.node.querySelectorAll('.gofive-cell')].some(c => c.textContent.startsWith('<img')));
  assert.equal(labels.node.querySelector('img'), null);
});

test('a table that cannot be filtered says why, and asks once', async () => {
  const v = open('/big');
  await until(() => v.node.querySelector('.gofive-cell'));
  const box = v.node.querySelector('[aria-label="Filter rows"]');
  box.value = 'nonsense';
  box.dispatchEvent(new Event('change'));
  await until(() => /cannot read the filter nonsense\. write it as Z > 2/.test(v.said()));
  const asked = v.asked('table').length;
  await new Promise(resolve => setTimeout(resolve, 100));
  assert.equal(v.asked('table').length, asked);
});

test('an image is asked for at the size of its room, at the places of the slicer', async () => {
  const v = open('/detector/image');
  await until(() => /2,048 × 3,072 values/.test(v.said()));
  const first = v.asked('decimate')[0];
  assert.equal(first.sel, '0, :, :');
  assert.ok(first.width <= 3072 && first.height <= 2048);
  const slider = v.node.querySelector('input[type=range]');
  slider.value = '7';
  slider.dispatchEvent(new Event('input'));
  await until(() => v.asked('decimate').some(m => m.sel === '7, :, :'));
});

test('what is shown can be inserted as code and exported', async () => {
  const v = open('/time');
  await until(() => /2,000 values/.test(v.said()));
  v.node.querySelector('[aria-label^="Insert a cell"]').click();
  await until(() => v.log.length === 1);
  assert.match(v.log[0][1], /Slice\(":"\)/);
  assert.deepEqual(v.asked('stat').slice(-1).map(m => [m.sel, m.show]), [[':', 'line']]);
  const save = v.node.querySelector('[aria-label=Export]');
  save.value = 'csv';
  save.dispatchEvent(new Event('change'));
  await until(() => v.log.length === 2);
  const [, name, type, text] = v.log[1];
  assert.deepEqual([name, type], ['time.csv', 'text/csv']);
  assert.match(text, /^0\.5\r\n0\.51\r\n/);
  save.value = 'npy';
  save.dispatchEvent(new Event('change'));
  await until(() => v.log.length === 3);
  const bytes = new Uint8Array(await v.log[2][3].arrayBuffer());
  assert.equal(bytes.length, 128 + 2000 * 8);
  assert.match(Buffer.from(bytes.slice(0, 128)).toString('latin1'), /'descr': '<f8', 'fortran_order': False, 'shape': \(2000,\)/);
});

test('a large export is asked about first', async () => {
  const v = open('/signal');
  await until(() => /values/.test(v.said()));
  const save = v.node.querySelector('[aria-label=Export]');
  save.value = 'npy';
  save.dispatchEvent(new Event('change'));
  const question = await until(() => v.node.querySelector('.gofive-question:not([hidden])'));
  assert.match(question.textContent, /Up to 400 MB will be read/);
  [...question.querySelectorAll('button')].find(b => b.textContent === 'Cancel').click();
  await new Promise(resolve => setTimeout(resolve, 30));
  assert.equal(v.asked('slice').length, 0);
});

test('a spectrum tells what its fiber saw', async () => {
  const v = open('/3665/55247/12/coadd', 'f2');
  await until(() => /plate 3665.*MJD 55247.*fiber 12.*GALAXY STARFORMING.*z = 0\.30000 ± 0\.00004.*ZWARNING SMALL_DELTA_CHI2.*S\/N/.test(v.node.textContent));
  assert.equal(v.tabs()[0], 'Spectrum');
  const fiber = open('/3665/55247/12', 'f2');
  await until(() => /fiber 12.*S\/N/.test(fiber.node.textContent), 'the spectrum of the group of a fiber');
});

test('complex numbers are drawn by amplitude', async () => {
  const v = open('/wave');
  const label = () => v.node.querySelector('.gofive-plot').getAttribute('aria-label');
  await until(() => v.said() === '500 values');
  assert.match(label(), /amplitude of wave/);
  pick(v.node, 'Component of the complex numbers', 'phase');
  await until(() => /phase of wave/.test(label()));
  assert.equal(v.asked('decimate').at(-1).component, 'phase');
  const image = open('/visibilities');
  await until(() => /20 × 30 values/.test(image.said()));
  pick(image.node, 'Component of the complex numbers', 'imaginary');
  await until(() => image.asked('decimate').at(-1).component === 'imaginary');
});

test('packed numbers are shown as they are meant, and as they are stored when asked to', async () => {
  const v = open('/packed');
  await until(() => /200 values.*; stored × 0\.5 \+ 100, gaps for -99/.test(v.said()));
  assert.match(v.node.querySelector('.u-axis, .gofive-plot').closest('.gofive-view').textContent, /packed/);
  choose(v.node, 'Table');
  const cell = place => v.node.querySelector(`[data-at="${place}"]`)?.textContent;
  await until(() => cell('3,0') === '101.5');
  const grid = v.node.querySelector('[role=grid]');
  for (let k = 0; k < 50; k++) press(grid, 'ArrowDown');
  await until(() => cell('50,0') === '—', 'a fill value is no value');
  const raw = [...v.node.querySelectorAll('label')].find(l => l.textContent === 'raw').querySelector('input');
  raw.click();
  await until(() => cell('50,0') === '-99');
  assert.match(v.said(), /; as stored/);
  choose(v.node, 'Line');
  await until(() => /200 values; as stored/.test(v.said()));
  assert.equal(v.asked('decimate').at(-1).scaled, undefined);
  const plain = open('/grows');
  await until(() => plain.said() === '100 values');
  assert.ok(![...plain.node.querySelectorAll('label')].some(l => l.textContent === 'raw'), 'nothing to switch');
});

// A dataset of f1 gets another shape, and the viewer is asked to look again.
function grow(v, name, shape) {
  v.kernel.files.f1.root.members.find(([n]) => n === name)[1].shape = shape;
  v.node.querySelector('[aria-label=Refresh]').click();
}

test('what is typed, open, ticked and focused stays when a dataset has grown', async () => {
  const v = open('/lines');
  await until(() => v.tabs().length);
  choose(v.node, 'Line');
  await until(() => /2,000 values/.test(v.said()));
  const [box, menu, name] = ['.gofive-place', 'details', '.gofive-axis'].map(at => v.node.querySelector(at));
  const tabs = [...v.node.querySelectorAll('[role=tab]')];
  menu.open = true;
  menu.querySelector('input').value = '/err';
  box.focus();
  box.value = '0, ';
  const asked = v.asked('decimate').length;
  grow(v, 'lines', [9, 2000]);
  await until(() => name.textContent === 'channel (9)');
  await until(() => v.asked('decimate').length > asked && /2,000 values/.test(v.said()));
  assert.equal(document.activeElement, box);
  assert.equal(box.value, '0, ');
  assert.ok(menu.isConnected && menu.open);
  assert.equal(menu.querySelector('input').value, '/err');
  assert.deepEqual([...v.node.querySelectorAll('[role=tab]')], tabs);
  assert.equal(v.node.querySelector('.gofive-slice input[type=range]').max, '8');
  box.value = '8';
  box.dispatchEvent(new Event('change'));
  await until(() => v.asked('decimate').at(-1).sel === '8, :', 'a place that is new');
});

test('numbers stay as they are stored when a dataset has grown', async () => {
  const v = open('/packed');
  await until(() => /200 values.*; stored/.test(v.said()));
  tickRaw(v);
  await until(() => /200 values; as stored/.test(v.said()));
  grow(v, 'packed', [300]);
  await until(() => /300 values; as stored/.test(v.said()));
  assert.ok([...v.node.querySelectorAll('label')].find(l => l.textContent === 'raw').querySelector('input').checked);
});

test('a zoom stays when a dataset has grown, and one with another rank has other views', async () => {
  const v = open('/time');
  await until(() => /2,000 values/.test(v.said()));
  press(v.node.querySelector('.gofive-plot'), '+');
  await until(() => v.asked('decimate').length === 2);
  const { sel } = v.asked('decimate')[1];
  grow(v, 'time', [5000]);
  await until(() => v.asked('decimate').length === 3);
  assert.equal(v.asked('decimate')[2].sel, sel);
  grow(v, 'time', [100]);
  await until(() => v.asked('decimate').length === 4 && /100 values/.test(v.said()));
  grow(v, 'time', [100, 2]);
  await until(() => v.tabs().join() === 'Heat map,Line,Table,About');
});

test('a drag over a plot is over what it began on', async () => {
  const v = open('/grows');
  await until(() => v.said() === '100 values');
  const plot = v.node.querySelector('.gofive-plot');
  const label = plot.getAttribute('aria-label');
  const canvas = plot.querySelector('canvas');
  canvas.dispatchEvent(new MouseEvent('mousedown', { bubbles: true }));
  grow(v, 'grows', [150]);
  await until(() => v.said() === '150 values');
  assert.equal(plot.getAttribute('aria-label'), label);
  assert.ok(canvas.isConnected);
  document.dispatchEvent(new MouseEvent('mouseup', { bubbles: true }));
  assert.match(plot.getAttribute('aria-label'), /from 0 to 149\./);
});

test('cells stay until those of a table that has grown are there', async () => {
  const v = open('/grows');
  await until(() => v.tabs().length);
  choose(v.node, 'Table');
  const cell = place => v.node.querySelector(`[data-at="${place}"]`)?.textContent;
  await until(() => cell('3,0') === '3');
  const held = [];
  const push = v.kernel.push;
  v.kernel.push = (data, buffers) => (data.columns ? held.push(() => push(data, buffers)) : push(data, buffers));
  v.kernel.files.f1.root.members.find(([n]) => n === 'grows')[1].at = i => -i;
  grow(v, 'grows', [150]);
  await until(() => held.length, 'it is read again');
  assert.equal(v.node.querySelector('[role=grid]').getAttribute('aria-rowcount'), '151');
  assert.equal(cell('3,0'), '3');
  held.forEach(f => f());
  await until(() => cell('3,0') === '-3');
  assert.equal(v.said(), '150 rows, 1 columns');
});

test('a cell and a heading are chosen when the button goes down', async () => {
  const v = open('/big');
  await until(() => v.node.querySelector('[data-at="3,1"]')?.textContent);
  const down = at => v.node.querySelector(at).dispatchEvent(new MouseEvent('mousedown', { bubbles: true, detail: 1 }));
  down('[data-at="3,1"]');
  await until(() => v.node.querySelector('.gofive-active')?.dataset.at === '3,1');
  v.node.querySelector('[data-at="5,0"]').dispatchEvent(new MouseEvent('click', { bubbles: true, detail: 1 }));
  down('[data-sort=energy]');
  await until(() => v.asked('table').at(-1).sort === 'energy');
  assert.equal(v.node.querySelector('.gofive-active').dataset.at, '3,1', 'the end of a click is no other');
});

test('the button of statistics stays when a dataset has grown', async () => {
  const v = open('/grows');
  await until(() => v.tabs().length);
  choose(v.node, 'About');
  const button = await until(() => [...v.node.querySelectorAll('button')].find(b => b.textContent === 'Statistics'));
  button.focus();
  grow(v, 'grows', [150]);
  await until(() => /Shape150/.test(v.node.textContent));
  assert.equal(document.activeElement, button);
});

test('a redshift that was chosen stays when a spectrum is read again', async () => {
  const v = open('/3665/55247/12/coadd', 'f2');
  await until(() => /pixels/.test(v.said()));
  const box = v.node.querySelector('[aria-label=Redshift][type=text]');
  box.value = '1.5';
  box.dispatchEvent(new Event('change'));
  const asked = v.asked('slice').length;
  v.node.querySelector('[aria-label=Refresh]').click();
  await until(() => v.asked('slice').length > asked && /pixels/.test(v.said()));
  assert.equal(box.value, '1.5');
});

test('a long line is drawn before all of it is known', async () => {
  const v = open('/signal');
  const push = v.kernel.push;
  v.kernel.push = (data, buffers) => (data.ok && data.count ? setTimeout(() => push(data, buffers), 300) : push(data, buffers));
  const label = () => v.node.querySelector('.gofive-plot')?.getAttribute('aria-label');
  await until(() => /Plot of signal .* from 0 to /.test(label()));
  assert.equal(v.said(), 'Reading …', 'the kernel still reads');
  await until(() => /100,000,000 values/.test(v.said()));
});

test('a stacked spectrum is that of a fiber of the plug map', async () => {
  const v = open('/3665/55247/coadds', 'f3', { files: stacked() });
  await until(() => /plate 3665.*MJD 55247.*fiber 7.*redshift not known.*S\/N/.test(v.node.textContent));
  assert.equal(v.tabs()[0], 'Spectrum');
  const row = v.node.querySelector('[aria-label="Row of the spectrum"]');
  row.value = '1';
  row.dispatchEvent(new Event('change'));
  await until(() => /fiber 12.*QSO.*z = 2\.50000/.test(v.node.textContent));
  assert.equal(v.node.querySelector('[aria-label=Redshift][type=text]').value, '2.5');
  const exposure = open('/3665/55247/exposures/1001/b', 'f3', { files: stacked() });
  await until(() => exposure.said() === '500 pixels');
  assert.equal(exposure.tabs()[0], 'Spectrum');
  assert.deepEqual(exposure.asked('slice').find(m => m.path.endsWith('/wave')).sel, '0, :');
});

test('an object that is gone says so', async () => {
  const v = open('/nothing');
  await until(() => /there is no \/nothing/.test(v.said()));
});

// Presses the button of the code, and exports in both forms: gives [code request, CSV, numbers of the NPY].
async function taken(v) {
  const n = v.log.length;
  v.node.querySelector('[aria-label^="Insert a cell"]').click();
  await until(() => v.log.length === n + 1);
  const { sel, field, show, scaled, component } = v.asked('stat').at(-1);
  const save = v.node.querySelector('[aria-label=Export]');
  const files = [];
  for (const form of ['csv', 'npy']) {
    save.value = form;
    save.dispatchEvent(new Event('change'));
    await until(() => v.log.length === n + 2 + files.length);
    files.push(v.log.at(-1)[3]);
  }
  const bytes = await files[1].arrayBuffer();
  const head = new DataView(bytes).getUint16(8, true) + 10;
  const dtype = /'descr': '(.*?)'/.exec(Buffer.from(bytes, 0, head).toString('latin1'))[1];
  const make = { '<f8': Float64Array, '<f4': Float32Array, '<i4': Int32Array }[dtype];
  return { code: { sel, field, show, scaled, component }, csv: files[0].split('\r\n'), dtype, npy: make && new make(bytes.slice(head)) };
}

const tickRaw = v => [...v.node.querySelectorAll('label')].find(l => l.textContent === 'raw').querySelector('input').click();

test('what is inserted and exported are the numbers that are shown', async () => {
  const v = open('/packed');
  await until(() => /200 values.*; stored/.test(v.said()));
  for (const view of ['Line', 'Table']) {
    choose(v.node, view);
    const meant = await taken(v);
    assert.equal(meant.code.scaled, true, view);
    assert.deepEqual([meant.csv[3], meant.csv[50], meant.dtype, meant.npy[3], meant.npy[50]], ['101.5', 'NaN', '<f8', 101.5, NaN], view);
  }
  tickRaw(v);
  for (const view of ['Line', 'Table']) {
    choose(v.node, view);
    const stored = await taken(v);
    assert.equal(stored.code.scaled, undefined, view);
    assert.deepEqual([stored.csv[3], stored.csv[50], stored.dtype, stored.npy[50]], ['3', '-99', '<i4', -99], view);
  }
});

test('numbers that only have gaps keep their digits in CSV', async () => {
  const v = open('/gaps');
  await until(() => /4 values; gaps for -99/.test(v.said()));
  const meant = await taken(v);
  assert.deepEqual([meant.csv.slice(0, 4), meant.dtype], [['0.1', 'NaN', '0.3', '0.4'], '<f8']);
  assert.deepEqual(Number.isNaN(meant.npy[1]), true);
  tickRaw(v);
  const stored = await taken(v);
  assert.deepEqual([stored.csv.slice(0, 4), stored.dtype], [['0.1', '-99', '0.3', '0.4'], '<f4']);
});

test('a heat map inserts and exports what it paints', async () => {
  const v = open('/field');
  await until(() => /2 × 3 values; stored × 2/.test(v.said()));
  const meant = await taken(v);
  assert.deepEqual([meant.code.show, meant.code.scaled, meant.csv[1], ...meant.npy], ['image', true, '6,8,10', 0, 2, 4, 6, 8, 10]);
  tickRaw(v);
  const stored = await taken(v);
  assert.deepEqual([stored.code.scaled, stored.csv[1]], [undefined, '3,4,5']);
});

test('a single value is shown, inserted and exported as it is meant', async () => {
  const text = v => v.node.querySelector('.gofive-text')?.textContent;
  const v = open('/temperature');
  await until(() => text(v) === '101.5');
  const meant = await taken(v);
  assert.deepEqual([meant.code.scaled, meant.csv[0], meant.npy[0]], [true, '101.5', 101.5]);
  tickRaw(v);
  await until(() => text(v) === '3');
  assert.deepEqual((await taken(v)).csv[0], '3');
  const none = open('/none');
  await until(() => text(none) === '—');
});

test('of complex numbers what is seen of them is inserted and exported', async () => {
  const v = open('/visibilities');
  await until(() => /20 × 30 values/.test(v.said()));
  pick(v.node, 'Component of the complex numbers', 'phase');
  const heat = await taken(v);
  assert.deepEqual([heat.code.component, heat.dtype, heat.csv[0].split(',')[1]], ['phase', '<f8', String(heat.npy[1])]);
  choose(v.node, 'Table');
  const table = await taken(v);
  assert.deepEqual([table.code.component, table.dtype], [undefined, '<c16']);
  assert.match(table.csv[0], /i,/);
  choose(v.node, 'Line');
  assert.equal((await taken(v)).code.component, 'amplitude');
});

// What was asked when the button of the code was pressed.
async function codeOf(v) {
  const n = v.log.length;
  v.node.querySelector('[aria-label^="Insert a cell"]').click();
  await until(() => v.log.length === n + 1);
  return v.asked('stat').at(-1);
}

async function exported(v, form) {
  const n = v.log.length;
  const save = v.node.querySelector('[aria-label=Export]');
  save.value = form;
  save.dispatchEvent(new Event('change'));
  await until(() => v.log.length === n + 1);
  return v.log.at(-1)[3];
}

function type(v, label, text) {
  const box = v.node.querySelector(`[aria-label="${label}"]:not([type=range])`);
  box.value = text;
  box.dispatchEvent(new Event('change'));
}

test('several lines are inserted and exported with their X', async () => {
  const v = open('/lines');
  await until(() => v.tabs().length);
  choose(v.node, 'Line');
  await until(() => /2,000 values/.test(v.said()));
  type(v, 'Place on channel', '1, 3');
  await until(() => v.asked('decimate').at(-1).sel === '3, :' && /values/.test(v.said()));
  const { show, x, series, look } = await codeOf(v);
  assert.deepEqual([show, x, look.labels], ['line', { path: '/time' }, ['time', 'lines']]);
  assert.deepEqual(series.map(({ path, sel, label }) => [path, sel, label]), [['/lines', '1, :', 'channel 1'], ['/lines', '3, :', 'channel 3']]);
  const rows = (await exported(v, 'csv')).split('\r\n');
  assert.equal(rows[0], 'time,channel 1,channel 3');
  const value = (k, i) => String(Math.exp(-i / 800) * Math.sin(i / 60 + k) + k / 4);
  assert.deepEqual(rows[2].split(',').map(Number), [0.51, value(1, 1), value(3, 1)].map(Number));
  assert.equal(rows.length, 2000 + 2, 'a head, the rows and the end of the last');
  const bytes = Buffer.from(await (await exported(v, 'npy')).arrayBuffer());
  assert.match(bytes.toString('latin1', 0, 128), /'<f8'.*'shape': \(2000, 3\)/);
  assert.equal(bytes.readDoubleLE(128 + 8 * 3), 0.51);
});

test('a zoom, logarithmic axes, errors and further lines are inserted as they are seen', async () => {
  const v = open('/signal', 'f1', undefined, { kind: 'Line', slicer: { free: [0], places: ['0'] }, part: { range: [100, 200], places: { start: 100, stop: 201 }, choice: { errors: { path: '/signal' }, others: [{ path: '/signal' }], logY: true } } });
  await until(() => /101 values/.test(v.said()));
  const { sel, series, errors, x, look } = await codeOf(v);
  assert.deepEqual([sel, series.map(s => s.sel), errors, x, look.range, look.logx, look.logy], ['100:201', ['100:201', '100:201'], { path: '/signal' }, undefined, [100, 200], undefined, true]);
  const rows = (await exported(v, 'csv')).split('\r\n');
  assert.deepEqual([rows[0], rows.length], ['signal,signal,± signal', 101 + 2]);
});

test('a column over another is inserted and exported as such', async () => {
  const v = open('/big');
  v.kernel.files.f1.root.members.find(([n]) => n === 'big')[1].shape = [500];
  await until(() => v.tabs().length);
  choose(v.node, 'Line');
  await until(() => /500 values|points/.test(v.said()));
  const { series, x } = await codeOf(v);
  assert.deepEqual([x.path, series[0].path], ['/big', '/big']);
  assert.equal((await exported(v, 'csv')).split('\r\n')[0], `${x.field},${series[0].field}`);
});

test('a table is inserted and exported in its order and under its filter', async () => {
  const v = open('/big');
  v.kernel.files.f1.root.members.find(([n]) => n === 'big')[1].shape = [500];
  await until(() => v.node.querySelector('.gofive-cell')?.textContent === '0');
  type(v, 'Filter rows', 'id == 7');
  await until(() => v.node.querySelector('.gofive-cell')?.textContent === '7');
  assert.equal((await codeOf(v)).filter, 'id == 7');
  const rows = (await exported(v, 'csv')).split('\r\n');
  assert.deepEqual([rows.length, rows[1].split(',')[0]], [3, '7']);
  type(v, 'Filter rows', '');
  await until(() => v.node.querySelector('.gofive-cell')?.textContent === '0');
  const head = () => [...v.node.querySelectorAll('.gofive-head')].find(h => h.textContent.startsWith('id'));
  head().click();
  await until(() => /↑/.test(head().textContent));
  head().click();
  await until(() => v.node.querySelector('.gofive-cell')?.textContent === '499');
  assert.equal((await codeOf(v)).sort, '-id');
  assert.equal((await exported(v, 'csv')).split('\r\n')[1].split(',')[0], '499');
});

test('a heat map is inserted in its colours', async () => {
  const v = open('/field');
  await until(() => /2 × 3 values/.test(v.said()));
  pick(v.node, 'Colours', 'magma');
  pick(v.node, 'Range of colours, of the values in view', '0.05');
  v.node.querySelector('[title="Exchange the axes"]').click();
  await until(() => v.asked('decimate').length > 1);
  const { look } = await codeOf(v);
  assert.deepEqual(look, { colours: 'magma', percentile: [5, 95], log: false, turned: true, labels: look.labels });
});

test('a spectrum is inserted as it is seen, and exported with all its parts', async () => {
  const v = open('/3665/55247/12/coadd', 'f2');
  await until(() => /fiber 12.*S\/N/.test(v.node.textContent));
  type(v, 'Redshift', '0.5');
  const wide = v.node.querySelector('[aria-label="Smoothing in pixels"]');
  wide.value = '4';
  wide.dispatchEvent(new Event('input'));
  for (const label of ['rest frame', 'model']) {
    [...v.node.querySelectorAll('label')].find(l => l.textContent === label).querySelector('input').click();
  }
  const { show, spectrum } = await codeOf(v);
  assert.deepEqual([show, spectrum], ['spectrum', { fiber: 12, smooth: 4, looks: ['RestFrame', 'WithoutModel'], lines: true, z: 0.5 }]);
  assert.match(await exported(v, 'csv'), /^WAVE,FLUX,IVAR,MODEL/);
  const exposure = open('/3665/55247/exposures/1001/b', 'f3', { files: stacked() });
  await until(() => exposure.said() === '500 pixels');
  const asked = await codeOf(exposure);
  assert.deepEqual([asked.show, asked.x.path, asked.series[0].path, asked.series[0].sel], ['line', '/3665/55247/exposures/1001/b/wave', '/3665/55247/exposures/1001/b/flux', '0, :']);
});

test('zooming out and moving end at the data', async () => {
  const label = v => v.node.querySelector('.gofive-plot').getAttribute('aria-label');
  const v = open('/signal', 'f1', undefined, { kind: 'Line', slicer: { free: [0], places: ['0'] }, part: { range: [100, 200], places: { start: 100, stop: 201 }, choice: {} } });
  await until(() => /101 values/.test(v.said()));
  const plot = v.node.querySelector('.gofive-plot');
  const times = (n, key) => {
    for (let i = 0; i < n; i++) press(plot, key);
  };
  times(8, 'ArrowLeft'); // faster than the kernel is asked
  await until(() => /from 0 to 100\./.test(label(v)));
  times(25, '-');
  await until(() => /from 0 to 99\d{6}\./.test(label(v)) && /100,000,000 values/.test(v.said()));
});
