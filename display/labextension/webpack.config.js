// Numbers modules by their order: webpack's other numbers are sums of names, and that of the entry holds
// the folder of the checkout, so the same sources would give other files elsewhere.
module.exports = { optimization: { moduleIds: 'natural' } };
