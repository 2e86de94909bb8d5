// Adds to the licenses that webpack has gathered those of the packages that esbuild put into H5Web's.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const REPORT = 'built/lab/static/third-party-licenses.json';

const { inputs } = JSON.parse(readFileSync('lib/h5web/packages.json', 'utf8'));
const folders = new Set(Object.keys(inputs).map(file => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1]).filter(Boolean));

const key = p => p.name + '@' + p.versionInfo;
const packages = [...folders].map(folder => {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const text = readdirSync(folder).find(file => /^(licen[sc]e|copying)/i.test(file));
  return { name, versionInfo: version, licenseId: license || '', extractedText: text ? readFileSync(join(folder, text), 'utf8') : '' };
});

const report = JSON.parse(readFileSync(REPORT, 'utf8'));
const known = new Set(report.packages.map(key));
const added = new Map(packages.map(p => [key(p), p])); // one that lies in several places is told once
const sorted = [...added].filter(([k]) => !known.has(k)).sort(([a], [b]) => (a < b ? -1 : 1));
writeFileSync(REPORT, JSON.stringify({ packages: [...report.packages, ...sorted.map(([, p]) => p)] }, null, 2));
