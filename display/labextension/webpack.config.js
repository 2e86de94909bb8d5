const Terser = require('terser-webpack-plugin'); // webpack's own

// H5Web comes bundled and minified by esbuild, which needs 2 s where webpack needs more than a minute. It gets a
// file to itself, and a number that does not count the modules before it: the file is large, and stays as it is when
// the rest changes.
const H5WEB = /\/lib\/h5web\/vendor\.js$/;

function numberH5Web({ hooks }) {
  hooks.compilation.tap('h5web', compilation => compilation.hooks.beforeModuleIds.tap('h5web', modules => {
    for (const m of modules) {
      H5WEB.test(m.resource) && compilation.chunkGraph.setModuleId(m, 'h5web');
    }
  }));
}

module.exports = {
  optimization: {
    // Numbers modules by their order: webpack's other numbers are sums of names, and that of the entry holds the
    // folder of the checkout, so the same sources would give other files elsewhere.
    moduleIds: 'natural',
    minimizer: [new Terser({ exclude: /^h5web\./, terserOptions: { compress: { passes: 2 } } })],
    splitChunks: { cacheGroups: { h5web: { test: H5WEB, name: 'h5web', enforce: true } } }
  },
  module: { noParse: H5WEB },
  plugins: [{ apply: numberH5Web }]
};
