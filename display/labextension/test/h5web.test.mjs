import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import { connected, core, until } from './core.mjs';

const { Provider, Client, Viewer } = await core('../h5web/provider', 'protocol', 'viewer');
after(() => window.close());

function provide(options) {
  const p = connected(Client, options);
  p.provider = new Provider(p.client, 'f1', 'run42.h5');
  p.ops = () => p.kernel.asked.map(m => m.op);
  // What H5Web has of an object that it has found by its group.
  p.child = async path => (await p.provider.getEntity(path.replace(/\/[^/]*$/, '') || '/')).children.find(c => c.path === path);
  p.value = async (path, selection) => p.provider.getValue({ dataset: await p.child(path), selection });
  return p;
}

test('a group tells types and attributes of its members without a request for each', async () => {
  const p = provide();
  const { children } = await p.provider.getEntity('/');
  assert.deepEqual(p.ops(), ['stat', 'attrs', 'list']);
  assert.equal(children.length, p.kernel.files.f1.root.members.length);
  const detector = children.find(c => c.name === 'detector');
  assert.deepEqual(await p.provider.getAttrValues(detector), { units: 'counts', [detector.attributes[1].name]: 'javascript:alert(1) ' + detector.attributes[1].name });
  assert.equal((await p.provider.getEntity('/detector')).children[0].attributes.length, 3);
  assert.deepEqual(p.ops().slice(3), ['list'], 'what the list of its group told is not asked again');
});

test('objects are in the words of H5Web', async () => {
  const p = provide();
  const { children } = await p.provider.getEntity('/');
  const of = name => children.find(c => c.name === name);
  const wants = { signal: 'Float', state: 'Enumeration', wave: 'Complex', labels: 'String', big: 'Compound', title: 'String' };
  for (const [name, type] of Object.entries(wants)) {
    assert.equal(of(name).kind, 'dataset', name);
    assert.equal(of(name).type.class, type, name);
  }
  assert.deepEqual([...of('big').type.fields].map(([name, t]) => [name, t.class, t.size]), [['id', 'Integer', 64], ['energy', 'Float', 64], ['px', 'Float', 32], ['py', 'Float', 32], ['name', 'String', undefined]]);
  assert.deepEqual(of('state').type.mapping, { 0: 'OFF', 1: 'ON', 2: 'FAULT' });
  assert.deepEqual([of('signal').shape, of('title').shape], [{ class: 'Array', dims: [100000000] }, { class: 'Scalar', dims: [] }]);
  assert.deepEqual([of('alias').kind, of('alias').link], ['dataset', { class: 'Soft', file: undefined, path: '/time' }]);
  assert.deepEqual([of('gone').kind, of('gone').link], ['unresolved', { class: 'External', file: 'calib_2019.h5', path: '/flat' }]);
});

test('what H5Web does not know is told under its own name', async () => {
  const files = { f1: { name: 'x.h5', path: '/x.h5', mode: 'r', root: { kind: 'group', members: [['lists', { kind: 'dataset', dtype: 'string', type: { class: 'vlen', text: 'list of int32' }, shape: [2], at: i => `[${i}]` }], ['none', { kind: 'dataset', dtype: '<f4', shape: null }]] } } };
  const p = provide({ files });
  assert.equal((await p.child('/lists')).type.class, 'list of int32');
  assert.equal(await p.value('/lists', '1'), '[1]');
  assert.deepEqual((await p.child('/none')).shape, { class: 'Null' });
});

test('values come as H5Web takes them', async () => {
  const p = provide();
  assert.deepEqual(await p.value('/time', undefined), Float64Array.from({ length: 2000 }, (_, i) => 0.5 + i / 100));
  assert.equal((await p.value('/lines', '2,:')).length, 2000);
  assert.equal(await p.value('/detector/gain'), 1.75);
  assert.deepEqual((await p.value('/wave')).slice(0, 2), [[0, 0], [Math.cos(1 / 30) / 500, Math.sin(1 / 30) / 500]]);
  assert.deepEqual([...(await p.value('/state')).slice(99, 101)], [0, 1]);
  assert.equal((await p.value('/labels'))[1], 'east');
  assert.ok((await p.value('/packed'))[50] === -99, 'as they are stored');
});

test('rows are read column by column, and 64 bits are exact', async () => {
  const p = provide();
  const rows = p.kernel.files.f1.root.members.find(([name]) => name === 'big')[1];
  rows.shape = [2];
  rows.columns.id[1] = i => 2n ** 62n + BigInt(i);
  assert.deepEqual((await p.value('/big')).map(r => [r[0], r[1], r[4]]), [[2n ** 62n, 0, 'event 0'], [2n ** 62n + 1n, 1, 'event 1']]);
  assert.deepEqual(p.kernel.asked.filter(m => m.op === 'slice').map(m => m.field), ['id', 'energy', 'px', 'py', 'name']);
  assert.equal((await p.value('/big', '1'))[0], 2n ** 62n + 1n);
});

test('what is too large is refused and says what to do', async () => {
  const p = provide();
  await assert.rejects(p.value('/signal'), /\/signal is too large for H5Web: it needs 400 MB at once, where an answer brings 8\.4 MB\. The viewer of the panel HDF5 shows any size/);
  await assert.rejects(p.value('/detector/image', '3,:,:'), /25 MB/);
  assert.ok(!p.ops().includes('slice'));
  p.kernel.op_slice = () => { throw { kind: 'too-large', message: 'the answer has 600000 bytes of text', hint: 'ask for less' }; };
  await assert.rejects(p.value('/labels'), /too large for H5Web: the answer has 600000 bytes of text\. The viewer/);
});

test('of very many members the first are told, page by page, and how many are left', async () => {
  const p = provide();
  const { children } = await p.provider.getEntity('/many');
  assert.equal(children.length, 1001);
  assert.deepEqual([children[999].name, children[1000].name, children[1000].kind], ['entry_999', '(9,000 more are in the panel HDF5)', 'unresolved']);
  assert.deepEqual(p.kernel.asked.filter(m => m.op === 'list').map(m => m.offset), [0, 200, 400, 600, 800]);
});

test('an empty group that is known is not asked about', async () => {
  const p = provide({ files: { f1: { name: 'x.h5', path: '/x.h5', mode: 'r', root: { kind: 'group', members: [['g', { kind: 'group', members: [] }]] } } } });
  await p.provider.getEntity('/');
  assert.deepEqual((await p.provider.getEntity('/g')).children, []);
  assert.deepEqual(p.ops(), ['stat', 'attrs', 'list']);
});

test('a group that cannot be listed says so in its place; the first one is an error', async () => {
  const p = provide();
  p.kernel.op_list = () => { throw { kind: 'io', message: 'bad object header', hint: 'the file is damaged' }; };
  assert.deepEqual((await p.provider.getEntity('/detector')).children.map(c => c.name), ['(cannot be listed: bad object header. the file is damaged)']);
  await assert.rejects(p.provider.getEntity('/'), /bad object header/);
  await assert.rejects(p.provider.getEntity('/nowhere'), /there is no \/nowhere/);
});

test('groups are listed one after another, so that values come first', async () => {
  const p = provide({ delay: 1 });
  await Promise.all(['/', '/detector', '/many'].map(path => p.provider.getEntity(path)));
  assert.deepEqual([...new Set(p.kernel.asked.map(m => m.path))], ['/', '/detector', '/many']);
  assert.deepEqual(p.kernel.asked.map(m => m.path), p.kernel.asked.map(m => m.path).sort());
});

test('what is cancelled is cancelled in the kernel, and so is all when H5Web is closed', async () => {
  const p = provide();
  const dataset = await p.child('/time');
  p.kernel.receive = m => p.kernel.asked.push(m); // and does not answer any more
  const stop = new AbortController();
  const value = p.provider.getValue({ dataset }, stop.signal);
  const reason = new Error('entity changed');
  stop.abort(reason);
  await assert.rejects(value, e => e === reason);
  const two = [p.provider.getValue({ dataset }), p.provider.getEntity('/detector')];
  await until(() => p.ops().filter(op => op === 'list').length === 2);
  p.provider.dispose();
  const ends = await Promise.allSettled(two);
  assert.deepEqual(ends.map(e => e.status), ['rejected', 'rejected']);
  assert.equal(p.ops().filter(op => op === 'cancel').length, 3);
});

test('a signal that outlives requests holds none of them', async () => {
  const p = provide();
  const { signal } = new AbortController();
  let held = 0;
  signal.addEventListener = () => held++;
  signal.removeEventListener = () => held--;
  await p.client.request('stat', { file: 'f1', path: '/' }, { signal });
  await assert.rejects(p.client.request('stat', { file: 'f1', path: '/nowhere' }, { signal }));
  assert.equal(held, 0);
});

test('a viewer offers H5Web where the front end has it', async () => {
  const button = async host => {
    const p = connected(Client);
    const viewer = new Viewer(p.node, p.client, { ...p.host, ...host }, { file: 'f1', path: '/time' });
    await until(() => p.node.querySelector('[role=tab]'));
    const found = [...p.node.querySelectorAll('button')].find(b => b.textContent === 'H5Web');
    found?.click();
    viewer.dispose();
    return found;
  };
  const opened = [];
  assert.ok(await button({ openH5Web: (...at) => opened.push(at) }));
  assert.deepEqual(opened, [['f1', '/time']]);
  assert.equal(await button({}), undefined);
});
